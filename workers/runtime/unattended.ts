import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';
import { type EventLog, offsetKey } from '@/server/event-log';
import { type Group, partitionKeys, partitionName, STREAM_START } from '@/server/scaling';

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
 * Partitions that somebody should hold: with entries behind the group's offset, or with what only an owner does: for `main`
 * timers to fire and records to deliver, for `archive` outputs to write. @returns names
 */
export async function unattendedPartitions(
  log: EventLog,
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
  const waiting = await haveNews(
    log,
    free.map((place, index) => ({ ...place, after: ids[index] ?? STREAM_START })),
  );
  const looks = redis.pipeline();
  for (const { shardId, partition } of free) {
    const keys = partitionKeys(shardId, partition);
    if (group === 'main') looks.xlen(keys.outbox).zcard(keys.timers);
    else looks.xlen(keys.out);
  }
  const each = group === 'main' ? 2 : 1;
  const left = valuesOf(await looks.exec()).map(Number);
  return free
    .map(({ shardId, partition }) => partitionName(shardId, partition))
    .filter((name, index) => {
      const own = left.slice(index * each, (index + 1) * each);
      return waiting.has(name) || own.some((count) => count > 0);
    });
}

/** @returns names of the partitions with entries after a place */
async function haveNews(log: EventLog, places: readonly (Place & { after: string })[]): Promise<Set<string>> {
  const found = new Set<string>();
  await Promise.all(
    [...Map.groupBy(places, ({ shardId }) => shardId)].map(async ([shardId, own]) => {
      const first = await log.firstAfter(shardId, own);
      own.forEach(({ partition }, index) => {
        if (first[index] != null) found.add(partitionName(shardId, partition));
      });
    }),
  );
  return found;
}
