import type { Redis } from 'ioredis';
import { compareEntryIds, entryTime } from './entry-id';
import type { EventLog, PartitionLag } from './event-log';
import { countKey, offsetKey, type ProcessorGroup } from './log-keys';

/** The least offset that the groups have committed; null while one of them has none. */
export async function slowestOffset(
  redis: Redis,
  { shardId, partition, groups }: { shardId: number; partition: number; groups: readonly ProcessorGroup[] },
): Promise<string | null> {
  const offsets = await Promise.all(
    groups.map((group) => redis.hget(offsetKey(shardId, partition, group), 'id')),
  );
  const known = offsets.filter((offset) => offset !== null);
  if (known.length === 0 || known.length < groups.length) return null;
  return known.reduce((least, offset) => (compareEntryIds(offset, least) < 0 ? offset : least));
}

/** Lag of a group by the offsets it committed and the events that were ever appended. */
export async function lagByOffsets(
  log: Pick<EventLog, 'firstAfter'>,
  redis: Redis,
  { shardId, partitions, group }: { shardId: number; partitions: readonly number[]; group: ProcessorGroup },
): Promise<PartitionLag[]> {
  const standings = await Promise.all(
    partitions.map(async (partition) => {
      const [total, [offset, done]] = await Promise.all([
        redis.get(countKey(shardId, partition)),
        redis.hmget(offsetKey(shardId, partition, group), 'id', 'n'),
      ]);
      return {
        partition,
        after: offset ?? '0',
        backlog: Math.max(0, Number(total ?? 0) - Number(done ?? 0)),
      };
    }),
  );
  const first = await log.firstAfter(shardId, standings);
  return standings.map(({ partition, after, backlog }, index) => {
    const oldest = first[index] ?? null;
    return { partition, backlog, oldestAt: oldest === null ? null : entryTime(oldest), offset: after };
  });
}
