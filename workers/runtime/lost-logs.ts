import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';
import { compareEntryIds, type EventLog, endedStreams, offsetKey } from '@/server/event-log';
import { partitionKeys } from '@/server/scaling';
import type { ArchivePosition } from './archive-reader';

export interface LostLog<P extends ArchivePosition> {
  one: P;
  stream: 'log' | 'out';
  /** where the reader believes to be */
  after: string;
}

/** Logs and outputs of partitions that end before what was read of them: they were lost, or set back. */
export async function lostLogs<P extends ArchivePosition>(
  log: EventLog,
  redis: Redis,
  held: readonly P[],
): Promise<LostLog<P>[]> {
  const followed = held.flatMap((one) => (one.offsets ? [{ one, ...one.offsets }] : []));
  const byShard = Map.groupBy(followed, ({ one }) => one.shardId);
  const [outs, ...logs] = await Promise.all([
    endedStreams(
      redis,
      followed.map(({ one, out }) => ({ key: partitionKeys(one.shardId, one.partition).out, after: out })),
    ),
    ...[...byShard].map(async ([shardId, own]) => {
      const cursors = own.map(({ one, log: after }) => ({ partition: one.partition, after }));
      const ended = await log.endsBefore(shardId, cursors);
      return own.filter((_, index) => ended[index]);
    }),
  ]);
  return [
    ...logs.flat().map(({ one, log: after }) => ({ one, stream: 'log' as const, after })),
    ...followed
      .filter((_, index) => outs[index])
      .map(({ one, out: after }) => ({ one, stream: 'out' as const, after })),
  ];
}

/**
 * Partitions that are archived further than they are processed, which no archiver does: Redis came back without a tail
 * that it had answered for. What stood in it is in history, and no longer in any state.
 */
export async function setBackPartitions<T extends ArchivePosition>(
  redis: Redis,
  located: readonly T[],
): Promise<T[]> {
  const pipeline = redis.pipeline();
  for (const { shardId, partition } of located) pipeline.hget(offsetKey(shardId, partition, 'main'), 'id');
  const processed = valuesOf(await pipeline.exec()) as (string | null)[];
  return located.filter(({ offsets }, index) => {
    const id = processed[index];
    return offsets && id && compareEntryIds(id, offsets.log) < 0;
  });
}
