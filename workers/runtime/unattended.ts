import type { Redis } from 'ioredis';
import { type EventLog, offsetKey } from '@/server/event-log';
import { type Group, partitionKeys, partitionName, STREAM_START } from '@/server/scaling';
import { valuesOf } from './partition-loader';

export interface Place {
  shardId: number;
  partition: number;
}

/** Partitions of these shards that ever held a record. */
export async function activeShards(log: EventLog, shardIds: readonly number[]): Promise<Place[]> {
  const found = await Promise.all(
    shardIds.map(async (shardId) =>
      (await log.partitions(shardId)).map((partition) => ({ shardId, partition })),
    ),
  );
  return found.flat();
}

/**
 * Partitions that somebody should hold: with entries behind the group's offset, or (for `main`) timers that only an
 * owner fires. @returns names
 */
export async function unattendedPartitions(
  redis: Redis,
  places: readonly Place[],
  owned: ReadonlySet<string>,
  group: Group,
): Promise<string[]> {
  const free = places.filter(({ shardId, partition }) => !owned.has(partitionName(shardId, partition)));
  if (free.length === 0) return [];
  const offsets = redis.pipeline();
  for (const { shardId, partition } of free) offsets.hget(offsetKey(shardId, partition, group), 'id');
  const ids = valuesOf(await offsets.exec()) as (string | null)[];
  const looks = redis.pipeline();
  free.forEach(({ shardId, partition }, index) => {
    const keys = partitionKeys(shardId, partition);
    looks.xrange(keys.log, `(${ids[index] ?? STREAM_START}`, '+', 'COUNT', 1);
    if (group === 'main') looks.zcard(keys.timers);
    else looks.xlen(keys.out);
  });
  const values = valuesOf(await looks.exec());
  return free
    .filter((_, index) => (values[index * 2] as unknown[]).length > 0 || Number(values[index * 2 + 1]) > 0)
    .map(({ shardId, partition }) => partitionName(shardId, partition));
}
