import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { offsetKey } from '@/server/event-log';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { epochKey, partitionKeys } from '@/server/scaling';
import { commitArguments, commitResultOf, commitScript } from './commit';
import { learnCustomers, loadCustomers } from './customer-loader';
import { loadScript } from './load-script';
import type { PartitionBatch } from './partition-batch';
import { loadPartition } from './partition-loader';
import type { PartitionMemory } from './partition-memory';
import { runCommits } from './run-commits';

const PLACE = { shardId: 1, partition: 3, partitions: 8 };
const KEYS = partitionKeys(1, 3);
let redis: Redis;

beforeAll(async () => {
  const server = await testRedis();
  redis = createRedis(server.url, { name: 'test' });
});
afterAll(() => redis.disconnect());
beforeEach(async () => {
  await redis.flushall();
  await commitScript.load(redis);
  await loadScript.load(redis);
  await redis.set(epochKey(1, 3, 'main'), '7');
});

async function loaded(): Promise<PartitionMemory> {
  const memory = await loadPartition(redis, PLACE, '7');
  if (!memory) throw new Error('The lease should hold.');
  const batch: PartitionBatch = {
    memory,
    entries: [],
    records: 0,
    due: [],
    customers: new Set(['a', 'b']),
    linking: [],
    loaded: null,
  };
  await loadCustomers([redis], [batch]);
  if (batch.loaded) learnCustomers(memory.set, batch.loaded);
  return memory;
}

function change(memory: PartitionMemory): void {
  const { set } = memory;
  set.states.set('a', { n: 1 });
  set.changedStates.add('a');
  set.changedStates.add('b');
  set.timers.set('a', 500);
  set.changedTimers.add('a');
  set.redirects.set('old', 'a');
  set.changedRedirects.add('old');
  set.sent.set(5, 2);
  set.outbox.push({ target: 5, record: { k: 't' } });
  set.outputs.push({ o: 'fact', position: '1-0/0-0', kind: 'visit', customer: 'a', at: 1, sign: 1 });
  set.clock.newest = 600;
}

async function commit(memory: PartitionMemory, offset = '9-0') {
  const { outbox } = memory.set;
  const args = commitArguments(memory, { offset, events: 4, at: 100 }, JSON.stringify(outbox));
  return commitResultOf(await redis.evalsha(...args));
}

/** Everything that is kept, so that "nothing was written" can be said. */
async function everything(): Promise<string> {
  const keys = (await redis.keys('*')).sort();
  return JSON.stringify(await Promise.all(keys.map(async (key) => [key, await redis.dump(key)])));
}

describe('the commit of a batch', () => {
  it('writes all of it at once and tells which timers are due', async () => {
    await redis.hset(KEYS.state, 'b', '{"n":9}');
    const memory = await loaded();
    memory.set.states.set('b', null);
    change(memory);
    const result = await commit(memory);
    expect(result).toMatchObject({ ok: true, sequence: 1, nextTimer: 500, due: ['a'], consentVersion: '0' });
    expect(await redis.hgetall(KEYS.state)).toEqual({ a: '{"n":1}' });
    expect(await redis.hget(offsetKey(1, 3, 'main'), 'id')).toBe('9-0');
    expect(await redis.hgetall(KEYS.redirects)).toEqual({ old: 'a' });
    expect(await redis.hgetall(KEYS.sent)).toEqual({ 5: '2' });
    expect(await redis.xlen(KEYS.out)).toBe(1);
    expect(await redis.xlen(KEYS.outbox)).toBe(1);
    const again = await loaded();
    expect(again).toMatchObject({ offset: '9-0', events: 4, sequence: '1', nextTimer: 500, due: ['a'] });
    expect(again.undelivered).toHaveLength(1);
  });

  it('changes consent that travelled with a link, and its version with it', async () => {
    const memory = await loaded();
    memory.set.consent.set('a', { denied: ['profiling'], v: 1 });
    memory.set.changedConsent.add('a');
    expect(await commit(memory)).toMatchObject({ ok: true, consentVersion: '1' });
    expect((await loaded()).set.consent.get('a')).toEqual({ denied: ['profiling'], v: 1 });
  });

  it.each([
    ['a newer epoch', 'STALE_EPOCH', () => redis.incr(epochKey(1, 3, 'main'))],
    ['an offset that moved', 'OFFSET_MOVED', () => redis.hset(offsetKey(1, 3, 'main'), 'id', '5-0')],
    ['a commit that landed without moving the offset', 'OFFSET_MOVED', () => redis.incr(KEYS.sequence)],
    ['consent that changed', 'CONSENT_CHANGED', () => redis.incr(KEYS.consentVersion)],
  ])('writes nothing after %s', async (_, reason, meanwhile) => {
    const memory = await loaded();
    change(memory);
    await meanwhile();
    const before = await everything();
    expect(await commit(memory)).toEqual({ ok: false, reason });
    expect(await everything()).toBe(before);
  });

  it('lands once when it is sent twice', async () => {
    const memory = await loaded();
    change(memory);
    expect((await commit(memory, memory.offset)).ok).toBe(true);
    expect(await commit(memory, memory.offset)).toEqual({ ok: false, reason: 'OFFSET_MOVED' });
    expect(await redis.xlen(KEYS.out)).toBe(1);
  });

  it('takes more customers than one call of Lua can unpack', async () => {
    const memory = await loaded();
    for (let i = 0; i < 6_000; i += 1) {
      memory.set.states.set(`c${i}`, { n: i });
      memory.set.changedStates.add(`c${i}`);
    }
    expect((await commit(memory)).ok).toBe(true);
    expect(await redis.hlen(KEYS.state)).toBe(6_000);
  });

  it('is not begun by a worker whose lease is gone', async () => {
    await redis.incr(epochKey(1, 3, 'main'));
    expect(await loadPartition(redis, PLACE, '7')).toBeNull();
  });
});

describe('the commits of a round', () => {
  it('land or are refused each by itself, and a script that fails stops no other', async () => {
    const memory = await loaded();
    change(memory);
    const args = commitArguments(memory, { offset: memory.offset, events: 4, at: 100 }, '');
    const [, ...withoutScript] = args;
    const [landed, refused, failed] = await runCommits(redis, [
      args,
      args,
      ['0'.repeat(40), ...withoutScript],
    ]);
    expect(commitResultOf(landed?.[1])).toMatchObject({ ok: true, sequence: 1 });
    expect(commitResultOf(refused?.[1])).toEqual({ ok: false, reason: 'OFFSET_MOVED' });
    expect(failed).toEqual([expect.objectContaining({ message: expect.stringContaining('NOSCRIPT') }), null]);
  });

  it('fail when the connection breaks', async () => {
    const memory = await loaded();
    const args = commitArguments(memory, { offset: '9-0', events: 4, at: 100 }, '');
    const broken = redis.duplicate();
    await broken.ping();
    broken.disconnect();
    await expect(runCommits(broken, [args])).rejects.toThrow('Connection is closed.');
    expect(await redis.hget(offsetKey(1, 3, 'main'), 'id')).toBeNull();
  });
});
