import { afterAll, beforeAll, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { until } from '@/server/platform/until';
import { partitionKeys } from '@/server/scaling';
import { CountingWorkers } from './counting-workers-fixture';

let workers: CountingWorkers;
beforeAll(async () => {
  workers = await CountingWorkers.create(1);
});
afterAll(() => workers.close());

/** A batch holds about a thousand records: from the second entry on, a customer is fired and given a timer anew in one. */
it.each([1, 2, 3, 4])(
  'a timer that is set and passed within a backlog of %i entries fires, though nothing follows',
  async (entries) => {
    for (let entry = 0; entry < entries; entry += 1) {
      const first = workers.event(entries, 'A');
      const others = Array.from({ length: 600 }, () => workers.event(entries, 'B'));
      await workers.append(entries, [first, ...others]);
    }
    await workers.start([entries], `w${entries}`, 5);
    try {
      const { timers } = partitionKeys(entries, partitionOf('A', 1));
      await until(async () => (await workers.total(entries)) === entries * 601);
      await until(async () => (await workers.redis.zcard(timers)) === 0, { timeoutMs: 15_000 });
    } finally {
      await workers.stopAll();
    }
    expect(await workers.total(entries)).toBe(entries * 601);
  },
);
