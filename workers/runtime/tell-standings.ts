import type { Redis } from 'ioredis';
import { offsetKey } from '@/server/event-log';
import { nextEntryId, partitionKeys, STREAM_START } from '@/server/scaling';
import type { ArchivePosition } from './archive-reader';
import type { RawEntry } from './outbox';
import { valuesOf } from './partition-loader';

/**
 * Tells Redis how far partitions are archived, for lag and trimming, and drops outputs that are archived: whoever held them
 * before may have ended, or lost the lease, between the transaction and the word about it.
 * @param at ms of processing time
 */
export async function tellStandings(
  redis: Redis,
  held: readonly ArchivePosition[],
  at: number,
): Promise<void> {
  const reads = redis.pipeline();
  for (const { shardId, partition, offsets } of held) {
    const { log = STREAM_START } = offsets ?? {};
    reads.hget(offsetKey(shardId, partition, 'archive'), 'id');
    reads.xrange(partitionKeys(shardId, partition).log, log, log);
  }
  const found = valuesOf(await reads.exec());
  const told = redis.pipeline();
  held.forEach(({ shardId, partition, offsets }, index) => {
    if (offsets) told.xtrim(partitionKeys(shardId, partition).out, 'MINID', nextEntryId(offsets.out));
    const [entry] = found[index * 2 + 1] as RawEntry[];
    if (!entry || found[index * 2] === entry[0]) return;
    const [id, fields] = entry;
    told.hset(offsetKey(shardId, partition, 'archive'), { id, n: fields[fields.indexOf('n') + 1] ?? 0, at });
  });
  if (told.length > 0) await told.exec();
}
