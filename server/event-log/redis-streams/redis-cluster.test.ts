import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { HOUR_MS } from '@/server/core/durations';
import { type RedisCluster, startRedisCluster } from '@/server/platform/embedded/redis-cluster';
import { findRedisProgram } from '@/server/platform/embedded/redis-server';
import { createRedis, loadScript, type Redis } from '@/server/platform/redis';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { describeEventLog, event } from '../event-log.conformance';
import { countKey, offsetKey } from '../log-keys';
import { RedisEventLog } from './redis-event-log';

let cluster: RedisCluster;
let queue: TestRedis;
let redis: Redis;
let queueRedis: Redis;

beforeAll(async () => {
  const program = findRedisProgram(process.env.PATH ?? '');
  if (!program) throw new Error('The tests need redis-server.');
  [cluster, queue] = await Promise.all([
    startRedisCluster(program, mkdtempSync(join(inject('servers').redisFolder, 'cluster-'))),
    testRedis(),
  ]);
  redis = createRedis(cluster.url, { name: 'test' });
  queueRedis = createRedis(queue.queueUrl, { name: 'test' });
});
afterAll(async () => {
  redis.disconnect();
  queueRedis.disconnect();
  await cluster.stop();
});

const open = (options: { now?: () => number; dedupMs?: number; dedupMaxBytes?: number } = {}) =>
  new RedisEventLog({
    now: Date.now,
    dedupMs: 168 * HOUR_MS,
    dedupMaxBytes: 2 ** 30,
    ...options,
    redis,
    queueRedis,
    idScope: 'partition',
  });

describeEventLog('redis cluster of three masters', () => ({
  open,
  commitOffset: async (shardId, partition, group, id, n) => {
    await redis.hset(offsetKey(shardId, partition, group), { id, n });
  },
  recognisesAcrossCustomers: false,
}));

describe('a client of a cluster', () => {
  it('answers a pipeline over many slots in the order asked, with the error of each command', async () => {
    const keys = Array.from({ length: 40 }, (_, p) => countKey(77, p));
    await Promise.all(keys.map((key, p) => redis.set(key, p)));
    const pipeline = redis.pipeline();
    for (const key of keys) pipeline.get(key).hget(key, 'x');
    expect(pipeline.length).toBe(80);
    const replies = (await pipeline.exec()) ?? [];
    expect(replies.filter((_, at) => at % 2 === 0)).toEqual(keys.map((_, p) => [null, String(p)]));
    expect(
      replies.filter((_, at) => at % 2 === 1).every(([error]) => error?.message.includes('WRONGTYPE')),
    ).toBe(true);
  });

  it('knows a loaded script on every master', async () => {
    const text = "return redis.call('GET', KEYS[1])";
    await loadScript(redis, text);
    const { createHash } = await import('node:crypto');
    const sha = createHash('sha1').update(text).digest('hex');
    const pipeline = redis.pipeline();
    for (let p = 0; p < 20; p += 1) pipeline.evalsha(sha, 1, countKey(77, p));
    expect((await pipeline.exec())?.map(([, value]) => value)).toEqual(
      Array.from({ length: 20 }, (_, p) => `${p}`),
    );
  });

  it('keeps what was acknowledged when a node is killed, and takes it up again', async () => {
    const log = open();
    const acknowledged: string[] = [];
    for (let round = 0; round < 60; round += 1) {
      if (round === 20) await cluster.restartNode(1);
      const events = Array.from({ length: 10 }, (_, i) => event(`node-${round}-${i}`, `customer-${i}`));
      while (!(await log.append({ shardId: 78, events, deadLetters: [] }).catch(() => null)));
      acknowledged.push(...events.map(({ json }) => JSON.parse(json).id as string));
    }
    const cursors = (await log.partitions(78)).map((partition) => ({ partition, after: '0' }));
    const kept = [...(await log.read(78, cursors, 10_000)).values()]
      .flat()
      .flatMap(({ records }) => JSON.parse(records) as { k: string; id: string }[])
      .flatMap(({ k, id }) => (k === 'e' ? [id] : []));
    expect(kept.sort()).toEqual(acknowledged.sort());
  });
});
