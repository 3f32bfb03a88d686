import { afterAll, beforeAll, expect, it } from 'vitest';
import { until } from '@/server/platform/until';
import { CountingWorkers } from './counting-workers-fixture';

const SHARD = 8;
const WAVES = 10;
const CUSTOMERS = Array.from({ length: 40 }, (_, index) => `b${index}`);
let workers: CountingWorkers;

beforeAll(async () => {
  workers = await CountingWorkers.create(8);
});
afterAll(() => workers.close());

/** Ends the connections of this name from the server's side. */
async function cut(name: string): Promise<void> {
  const clients = String(await workers.redis.client('LIST')).split('\n');
  for (const line of clients.filter((one) => one.includes(` name=${name} `)))
    await workers.redis.client('KILL', 'ID', Number(/^id=(\d+)/.exec(line)?.[1])).catch(() => undefined);
}

it('processes every event once, and soon, however often the connection to the log breaks', async () => {
  await workers.start([SHARD], 'breaks');
  for (let wave = 0; wave < WAVES; wave += 1) {
    await workers.appendOf(SHARD, CUSTOMERS);
    await cut('breaks');
  }
  const all = WAVES * CUSTOMERS.length;
  // A command that waited until its own time was up would take ten seconds each time.
  await until(async () => (await workers.total(SHARD)) >= all);
  expect(await workers.total(SHARD)).toBe(all);
});
