import type { Redis } from 'ioredis';
import { partitionsKey } from '../log-keys';
import { dedupKeys } from '../message-ids';

/**
 * How long ago the oldest message id was taken that would still be recognised, ms: read where `maintainDedup` keeps it,
 * without changing anything. Where ids are kept by partition (a cluster), of the partition that covers least.
 * @returns null when no id was ever taken
 */
export async function readDedupCoverage(redis: Redis, shardId: number, now: number): Promise<number | null> {
  const ofShard = await startOf(redis, dedupKeys(shardId));
  if (ofShard !== null) return Math.max(0, now - ofShard);
  const partitions = await redis.smembers(partitionsKey(shardId));
  const starts = await Promise.all(
    partitions.map((partition) => startOf(redis, dedupKeys(shardId, Number(partition)))),
  );
  const known = starts.filter((start) => start !== null);
  return known.length === 0 ? null : Math.max(0, now - Math.max(...known));
}

/** Start of the oldest generation that is kept, ms. */
async function startOf(redis: Redis, { live, starts }: ReturnType<typeof dedupKeys>): Promise<number | null> {
  const generations = await redis.get(live);
  const oldest = generations?.split(' ').at(-1);
  if (oldest === undefined) return null;
  const start = await redis.hget(starts, oldest);
  return start === null ? null : Number(start);
}
