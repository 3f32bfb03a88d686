import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { until } from '@/server/platform/until';
import { partitionKeys } from '@/server/scaling';
import { CountingWorkers } from './counting-workers-fixture';

const PARTITIONS = 8;
let workers: CountingWorkers;

beforeAll(async () => {
  workers = await CountingWorkers.create(PARTITIONS);
});

// A test that fails leaves no worker to the next.
afterEach(() => workers.stopAll());

afterAll(() => workers.close());

const outboxIsEmpty = (shardId: number, partition: number) =>
  until(async () => (await workers.redis.xlen(partitionKeys(shardId, partition).outbox)) === 0, {
    what: `the outbox of ${shardId}.${partition} to be empty`,
  });

describe('records flow from the log to committed state', () => {
  it('processes what was there before and what comes while it runs', async () => {
    const customers = Array.from({ length: 300 }, (_, index) => `c${index}`);
    await workers.appendOf(1, customers);
    await workers.start([1], 'a');
    await until(async () => (await workers.total(1)) === 300);
    for (let round = 0; round < 5; round += 1) await workers.appendOf(1, customers);
    await until(async () => (await workers.total(1)) === 1_800);
    expect(await workers.countOf(1, 'c7')).toBe(6);
  });

  it('goes on when dead letters come, which are no partition', async () => {
    await workers.start([8], 'l');
    const letter = { id: 'x', reason: 'malformed', sample: '{}' };
    await workers.log.append({ shardId: 8, events: [], deadLetters: [letter as never] });
    await workers.append(8, [workers.event(8, 'y')]);
    await until(async () => (await workers.countOf(8, 'y')) === 1);
  });

  it('skips a record that throws, keeps it, and goes on', async () => {
    await workers.append(2, [
      workers.event(2, 'x'),
      workers.event(2, 'x', { n: 'poison', id: 'bad' }),
      workers.event(2, 'x'),
    ]);
    await workers.start([2], 'b');
    await until(async () => (await workers.countOf(2, 'x')) === 2);
    const keys = partitionKeys(2, partitionOf('x', PARTITIONS));
    const outputs = (await workers.redis.xrange(keys.out, '-', '+')).flatMap(([, fields]) =>
      JSON.parse(fields[1] ?? '[]'),
    );
    expect(outputs.filter((output) => output.o === 'poison')).toMatchObject([
      { messageId: 'bad', detail: 'TypeError in processor' },
    ]);
    expect(JSON.parse((await workers.redis.get(keys.aggregates)) ?? '{}').counters.errors).toBe(1);
  });

  it('ticks a drained partition whose timers are due by the clock', async () => {
    await workers.start([3], 'c', 5);
    await workers.append(3, [workers.event(3, 'idle')]);
    const keys = partitionKeys(3, partitionOf('idle', PARTITIONS));
    await until(
      async () =>
        (await workers.redis.zcard(keys.timers)) === 0 &&
        Number(await workers.redis.hget(keys.clock, 'tick')) > 0,
    );
    const outputs = (await workers.redis.xrange(keys.out, '-', '+')).flatMap(([, fields]) =>
      JSON.parse(fields[1] ?? '[]'),
    );
    expect(outputs.map((output) => output.kind)).toEqual(['visit', 'cartAbandoned']);
  });

  it('delivers between partitions once', async () => {
    await workers.start([4], 'd');
    const events = Array.from({ length: 40 }, (_, index) =>
      workers.event(4, `from${index}`, { l: `to${index % 10}` }),
    );
    await workers.append(4, events);
    await until(async () => (await workers.total(4)) === 40 + 40 * 100);
    expect(await workers.countOf(4, 'to3')).toBe(400);
    // What was delivered is removed a moment after its target may have taken it.
    for (let partition = 0; partition < PARTITIONS; partition += 1) await outboxIsEmpty(4, partition);
  });

  it('delivers again what a server that came back has in an outbox', async () => {
    await workers.start([7], 'h');
    await workers.append(7, [workers.event(7, 'sender')]);
    await until(async () => (await workers.countOf(7, 'sender')) === 1);
    const from = partitionOf('sender', PARTITIONS);
    const to = 'receiver';
    const origin = { partition: from, seq: 1, hops: 1 };
    const record = { k: 't', from: 'sender', to, state: { count: 100 }, origin };
    // As it stands after a tail was lost: the commit is there, what followed it is not.
    const lost = [{ target: partitionOf(to, PARTITIONS), record }];
    await workers.redis.xadd(partitionKeys(7, from).outbox, '*', 'r', JSON.stringify(lost));
    await workers.redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(async () => (await workers.countOf(7, to)) === 100);
    await outboxIsEmpty(7, from);
  });
});
