import { expect, it } from 'vitest';
import { logOf, offsetKey } from '@/server/event-log';
import { testDeps } from '@/server/identity/testing/test-identity';
import { partitionKeys } from '@/server/scaling';
import { standingsOf } from './stream-standing.repository';

const SHARD = 7;
const [SENDER, TARGET, OTHER] = [0, 1, 2];
/** Offsets, the processors' logs, the archive's, and the rest. */
const LOOKS = 4;

it('misses no history that is delivered to another partition while it looks', async () => {
  const deps = await testDeps();
  const { outbox } = partitionKeys(SHARD, SENDER);
  await deps.logRedis.xadd(outbox, '1-1', 'r', '[]');
  const pack = (partition: number) => ({
    shardId: SHARD,
    partition,
    records: JSON.stringify([{ k: 't', from: 'a', to: 'b' }]),
  });
  // The server knows all scripts from here on: each is sent once.
  await logOf(deps).deliver([pack(OTHER)]);
  await standingsOf(deps, SHARD, [OTHER]);
  let looks = 0;
  // Delivered before the last look: the logs were looked at till then.
  const logRedis = new Proxy(deps.logRedis, {
    get(redis, member) {
      if (member === 'pipeline' && ++looks === LOOKS) {
        void logOf(deps).deliver([pack(TARGET)]);
        void redis.xdel(outbox, '1-1');
      }
      const value = Reflect.get(redis, member, redis) as unknown;
      return typeof value === 'function' ? value.bind(redis) : value;
    },
  });
  await deps.logRedis.hset(offsetKey(SHARD, SENDER, 'main'), { id: '1-1', at: 1 });
  const standings = await standingsOf({ ...deps, logRedis }, SHARD, [SENDER, TARGET]);
  expect(looks).toBe(LOOKS);
  expect(standings.some(({ unfinished }) => unfinished)).toBe(true);
  expect(await deps.logRedis.xlen(outbox)).toBe(0);
});
