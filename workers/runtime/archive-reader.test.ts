import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { encodeEvent, offsetKey, RedisEventLog } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import type { ArchiveBatch } from '@/server/history';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { partitionKeys } from '@/server/scaling';
import { type ArchivePosition, ArchiveReader } from './archive-reader';

const SHARD = 1;
/** More than are looked at in one round. */
const PARTITIONS = 1_100;
/** In so many rounds each has had its turn. */
const ROUNDS = 3;

let redis: Redis;
let queueRedis: Redis;
let log: RedisEventLog;
let reader: ArchiveReader;
let held: ArchivePosition[];

beforeAll(async () => {
  const server = await testRedis();
  redis = createRedis(server.url, { name: 'test-log' });
  queueRedis = createRedis(server.queueUrl, { name: 'test-queue' });
  const ids = { dedupMs: 1e9, dedupMaxBytes: 1e9, idScope: 'shard' as const };
  log = new RedisEventLog({ redis, queueRedis, now: Date.now, ...ids });
});

afterAll(() => {
  redis.disconnect();
  queueRedis.disconnect();
});

beforeEach(async () => {
  await redis.flushdb();
  reader = new ArchiveReader(log, redis, () => 'ws_reader');
  held = Array.from({ length: PARTITIONS }, (_, partition) => ({
    shardId: SHARD,
    partition,
    epoch: '1',
    offsets: { log: '0-0', out: '0-0', events: 0 },
    consentVersion: null,
    optedOut: new Set<string>(),
    restless: false,
  }));
});

/** Appends one event. @returns its place, as it is held */
async function append(customer: string): Promise<ArchivePosition> {
  const event = plainEvent(`m-${customer}`, customer);
  await log.append({
    shardId: SHARD,
    events: [encodeEvent(event, event.id, PARTITIONS)],
    deadLetters: [],
  });
  return held[partitionOf(customer, PARTITIONS)] as ArchivePosition;
}

/** Notes the whole log of a partition as processed, as a commit does. */
async function process({ partition }: ArchivePosition): Promise<void> {
  const [last] = await redis.xrevrange(partitionKeys(SHARD, partition).log, '+', '-', 'COUNT', 1);
  await redis.hset(offsetKey(SHARD, partition, 'main'), { id: last?.[0] ?? '0-0', n: 1 });
}

const placesOf = (batch: ArchiveBatch) => batch.moves.map(({ partition }) => partition);

async function roundsUntilFound(one: ArchivePosition): Promise<number> {
  for (let round = 1; round <= ROUNDS; round += 1)
    if (placesOf(await reader.read(held)).includes(one.partition)) return round;
  return Number.POSITIVE_INFINITY;
}

describe('reading thousands of partitions', () => {
  it('finds within a few rounds what nobody rang for, wherever it is', async () => {
    for (const customer of ['anna', 'ben', 'clara', 'dora', 'emil']) {
      const one = await append(customer);
      await process(one);
      expect(await roundsUntilFound(one)).toBeLessThanOrEqual(ROUNDS);
    }
  });

  it('looks at once at what something came for, until there is no more', async () => {
    const one = await append('anna');
    await process(one);
    one.restless = true;
    expect(placesOf(await reader.read(held))).toEqual([one.partition]);
    expect(one.restless).toBe(true);
    if (one.offsets) one.offsets.log = '9000000000000-0';
    for (let round = 0; round < ROUNDS; round += 1) await reader.read(held);
    expect(one.restless).toBe(false);
  });

  it('goes on looking while the processors are still at it', async () => {
    const one = await append('ben');
    one.restless = true;
    for (let round = 0; round < 2 * ROUNDS; round += 1) expect(placesOf(await reader.read(held))).toEqual([]);
    expect(one.restless).toBe(true);
    await process(one);
    expect(placesOf(await reader.read(held))).toEqual([one.partition]);
  });
});
