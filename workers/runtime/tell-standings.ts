import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';
import { type EventLog, offsetKey } from '@/server/event-log';
import { nextEntryId, partitionKeys, STREAM_START } from '@/server/scaling';
import type { ArchivePosition } from './archive-reader';

/**
 * Tells Redis how far partitions are archived, for lag and trimming, and drops outputs that are archived: whoever held them
 * before may have ended, or lost the lease, between the transaction and the word about it.
 * @param at ms of processing time
 */
export async function tellStandings(
  log: EventLog,
  redis: Redis,
  held: readonly ArchivePosition[],
  at: number,
): Promise<void> {
  const reads = redis.pipeline();
  for (const { shardId, partition } of held) reads.hget(offsetKey(shardId, partition, 'archive'), 'id');
  const known = valuesOf(await reads.exec());
  const told = redis.pipeline();
  for (const { shardId, partition, offsets } of held) {
    if (offsets) told.xtrim(partitionKeys(shardId, partition).out, 'MINID', nextEntryId(offsets.out));
  }
  const moved = held.flatMap((one, index) => {
    const after = one.offsets?.log ?? STREAM_START;
    return after === STREAM_START || after === known[index] ? [] : [{ ...one, after }];
  });
  await Promise.all(
    [...Map.groupBy(moved, ({ shardId }) => shardId)].map(async ([shardId, own]) => {
      const events = await log.eventsUpTo(
        shardId,
        own.map(({ partition, after }) => ({ partition, after })),
      );
      for (const [index, { partition, after }] of own.entries()) {
        const n = events[index] ?? null;
        if (n !== null) told.hset(offsetKey(shardId, partition, 'archive'), { id: after, n, at });
      }
    }),
  );
  if (told.length > 0) await told.exec();
}
