import type { Redis } from 'ioredis';
import { offsetKey } from '@/server/event-log';
import { partitionKeys, STREAM_START } from '@/server/scaling';
import type { PartitionSnapshot, StreamEntry } from './partition-snapshot';

/** What is not yet archived is small unless Postgres is away; then the rest stays with Redis alone. */
export const MOST_UNARCHIVED = 2_000;

export interface SnapshotRead {
  snapshot: PartitionSnapshot;
  /** how long Redis was asked for it, ms: the most that a commit may have waited */
  readMs: number;
}

/**
 * Reads everything of a partition in one transaction, so that offset and state are of the same commit.
 * @param clock ms with fractions, for the measurement
 */
export async function readPartitionSnapshot(
  redis: Redis,
  place: { shardId: number; partition: number },
  now: () => number,
  clock: () => number = () => performance.now(),
): Promise<SnapshotRead> {
  const { shardId, partition } = place;
  const keys = partitionKeys(shardId, partition);
  const archived = (await redis.hget(offsetKey(shardId, partition, 'archive'), 'id')) ?? STREAM_START;
  const transaction = redis
    .multi()
    .hgetall(offsetKey(shardId, partition, 'main'))
    .hgetall(keys.clock)
    .get(keys.aggregates)
    .get(keys.sequence)
    .get(keys.consentVersion)
    .hgetall(keys.state)
    .hgetall(keys.parts)
    .hgetall(keys.redirects)
    .hgetall(keys.consent)
    .hgetall(keys.queue)
    .hgetall(keys.cooldowns)
    .hgetall(keys.sent)
    .hgetall(keys.inbox)
    .zrange(keys.timers, '0', '-1', 'WITHSCORES')
    .xrange(keys.outbox, '-', '+')
    .xrange(keys.log, after(archived), '+', 'COUNT', MOST_UNARCHIVED)
    .xrange(keys.out, '-', '+', 'COUNT', MOST_UNARCHIVED);
  const began = clock();
  const replies = await transaction.exec();
  const readMs = clock() - began;
  if (replies === null) throw new Error('The snapshot was not read.');
  const values = replies.map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  const texts = (index: number) => values[index] as Record<string, string>;
  const snapshot: PartitionSnapshot = {
    version: 1,
    shardId,
    partition,
    takenAt: now(),
    archived,
    offset: texts(0),
    clock: texts(1),
    aggregates: values[2] as string | null,
    sequence: values[3] as string | null,
    consentVersion: values[4] as string | null,
    states: texts(5),
    parts: texts(6),
    redirects: texts(7),
    consent: texts(8),
    queue: texts(9),
    cooldowns: texts(10),
    sent: texts(11),
    inbox: texts(12),
    timers: values[13] as string[],
    outbox: values[14] as StreamEntry[],
    log: values[15] as StreamEntry[],
    out: values[16] as StreamEntry[],
  };
  return { snapshot, readMs };
}

const after = (id: string) => (id === STREAM_START ? '-' : `(${id}`);

/** Push sequences of partitions: one that has not moved since has nothing new. */
export async function sequencesOf(
  redis: Redis,
  shardId: number,
  partitions: readonly number[],
): Promise<(string | null)[]> {
  const pipeline = redis.pipeline();
  for (const partition of partitions) pipeline.get(partitionKeys(shardId, partition).sequence);
  return ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return value as string | null;
  });
}
