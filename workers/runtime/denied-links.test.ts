import { afterAll, beforeAll, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { plainEvent } from '@/server/event-log/event-fixture';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { partitionKeys } from '@/server/scaling';
import { loadDeniedLinks } from './denied-links';
import { EMPTY_PARTITION } from './partition-fixture';
import { memoryOf } from './partition-memory';

const PARTITIONS = 8;
const SHARD = 7_700;
const DENIED = JSON.stringify({ denied: ['profiling'], v: 1 });
let redis: Redis;

beforeAll(async () => {
  redis = createRedis((await testRedis()).url, { name: 'test' });
});
afterAll(() => redis.disconnect());

const setFlags = (key: string, flags: string) =>
  redis.hset(partitionKeys(SHARD, partitionOf(key, PARTITIONS)).consent, key, flags);

/** Links that are denied to a batch of customers who each name a key. */
async function deniedTo(pairs: readonly { customer: string; state: string | null; names: string }[]) {
  const memory = memoryOf({ shardId: SHARD, partition: 0, partitions: PARTITIONS }, EMPTY_PARTITION);
  const customers = pairs.map(({ customer }) => customer);
  await loadDeniedLinks(redis, [
    {
      memory,
      entries: [],
      records: 0,
      due: [],
      customers: new Set(customers),
      linking: pairs.map(({ customer, names }) => plainEvent(`of ${customer}`, customer, { l: names })),
      loaded: {
        customers,
        states: pairs.map(({ state }) => state),
        read: new Map(),
        rest: [],
        parts: new Map(),
      },
    },
  ]);
  return memory.set.deniedLinks;
}

it('finds keys that opted out in any partition, where the customer was not seen with them before', async () => {
  const left = Array.from({ length: 20 }, (_, at) => `left-${at}`);
  for (const key of [...left, 'known']) await setFlags(key, DENIED);
  await setFlags('stayed', JSON.stringify({ denied: ['marketing'], v: 1 }));
  const denied = await deniedTo([
    ...left.map((names, at) => ({ customer: `u${at}`, state: at % 2 ? null : '{"n":1}', names })),
    { customer: 'v', state: null, names: 'stayed' },
    { customer: 'w', state: null, names: 'never seen' },
    // The opt-out found this customer by the link.
    { customer: 'x', state: '{"n":1,"la":["known"]}', names: 'known' },
  ]);
  expect([...denied].sort()).toEqual(left.sort());
});
