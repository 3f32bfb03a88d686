import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '@/server/core/durations';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { appendOverKills } from '../append-over-kills-fixture';
import { type ConformanceSubject, describeEventLog, event } from '../event-log.conformance';
import { deadLetterLogKey, offsetKey } from '../log-keys';
import { readDedupCoverage } from './dedup-coverage';
import { RedisEventLog } from './redis-event-log';

let server: TestRedis;
let redis: Redis;
let queueRedis: Redis;

beforeAll(async () => {
  server = await testRedis('always');
  redis = new Redis(server.url, { protocol: 2, maxRetriesPerRequest: 2 });
  queueRedis = new Redis(server.queueUrl, { protocol: 2, maxRetriesPerRequest: 2 });
  for (const client of [redis, queueRedis]) client.on('error', () => undefined);
});
afterAll(() => {
  redis.disconnect();
  queueRedis.disconnect();
});

const base = { now: Date.now, dedupMs: 168 * HOUR_MS, dedupMaxBytes: 2 ** 30 };

function subject(idScope: 'shard' | 'partition'): ConformanceSubject {
  return {
    open: (options = {}) => new RedisEventLog({ ...base, ...options, redis, queueRedis, idScope }),
    commitOffset: async (shardId, partition, group, id, n) => {
      await redis.hset(offsetKey(shardId, partition, group), { id, n });
    },
    recognisesAcrossCustomers: idScope === 'shard',
  };
}

describeEventLog('redis streams, ids of the shard together', () => subject('shard'));
describeEventLog('redis streams, ids per partition', () => {
  const apart = subject('partition');
  return apart;
});

describe('redis streams', () => {
  const open = () => new RedisEventLog({ ...base, redis, queueRedis, idScope: 'shard' });

  it('keeps ids as compact integer sets', async () => {
    const events = Array.from({ length: 300 }, (_, i) => event(`compact-${i}`, 'anna'));
    await open().append({ shardId: 900, events, deadLetters: [] });
    const keys = await redis.keys('{900.ids}:1:*');
    expect(await redis.object('ENCODING', keys[0] ?? '')).toBe('intset');
  });

  it.each(['shard', 'partition'] as const)(
    'tells how far back ids are known, kept by %s',
    async (idScope) => {
      const shardId = idScope === 'shard' ? 905 : 906;
      let now = 1_700_000_000_000;
      const log = new RedisEventLog({ ...base, now: () => now, redis, queueRedis, idScope });
      expect(await readDedupCoverage(redis, shardId, now)).toBeNull();
      await log.append({ shardId, events: [event('c-1', 'anna'), event('c-2', 'bert')], deadLetters: [] });
      await log.maintainDedup(shardId);
      now += 60_000;
      const { coveredMs } = await log.maintainDedup(shardId);
      expect(coveredMs).toBe(60_000);
      expect(await readDedupCoverage(redis, shardId, now)).toBe(coveredMs);
    },
  );

  it('rings for every partition it wrote to', async () => {
    const heard: string[] = [];
    const subscriber = queueRedis.duplicate();
    await subscriber.subscribe('doorbell');
    subscriber.on('message', (_channel, message: string) => heard.push(message));
    const events = [event('bell-1', 'anna'), event('bell-2', 'bert')];
    await open().append({ shardId: 901, events, deadLetters: [] });
    await until(() => events.every(({ partition }) => heard.includes(`901.${partition}`)));
    subscriber.disconnect();
  });

  it('refuses while told to, without touching the log', async () => {
    const log = new RedisEventLog({ ...base, redis, queueRedis, idScope: 'shard', refusal: () => 'Full.' });
    const flush = { shardId: 902, events: [event('full', 'anna')], deadLetters: [] };
    await expect(log.append(flush)).rejects.toMatchObject({ code: 'unavailable', publicMessage: 'Full.' });
    expect(await redis.keys('{902*')).toEqual([]);
  });

  it('loses nothing it acknowledged and takes nothing twice when Redis is killed under load', async () => {
    const log = open();
    const acknowledged = await appendOverKills(log, 903, server);
    const kept: string[] = [];
    for (const partition of await log.partitions(903)) {
      const entries = (await log.read(903, [{ partition, after: '0' }], 100_000)).get(partition) ?? [];
      for (const entry of entries) {
        for (const record of JSON.parse(entry.records)) if (record.k === 'e') kept.push(record.id);
      }
    }
    expect(new Set(kept).size).toBe(kept.length);
    expect(kept.sort()).toEqual(acknowledged.sort());
  }, 420_000);

  it('packs dead letters of a flush into one entry', async () => {
    const letter = {
      k: 'x',
      s: 'src_a',
      reason: 'future',
      detail: 'Ahead.',
      sample: '{}',
      t: 1,
      r: 2,
    } as const;
    await open().append({ shardId: 904, events: [], deadLetters: [letter, letter] });
    const [entry] = await redis.xrange(deadLetterLogKey(904), '-', '+');
    expect(JSON.parse(entry?.[1][1] ?? '[]')).toHaveLength(2);
    expect(entry?.[1][3]).toBe('2');
  });
});
