import type { Redis } from 'ioredis';
import { offsetKey } from '@/server/event-log';
import { compareEntryIds, STREAM_START } from '@/server/scaling';
import type { ArchivePosition } from './archive-reader';
import { valuesOf } from './partition-loader';

/** A stream, and the entry that a reader of it believes to have read last. */
export interface StreamStanding {
  key: string;
  after: string;
}

/**
 * Whether each stream is another one than its reader followed: it ends before the reader's place, or is not there at
 * all. That is so when Redis was lost, or set back to an earlier moment, while the place was kept elsewhere.
 */
export async function lostStreams(redis: Redis, standings: readonly StreamStanding[]): Promise<boolean[]> {
  const pipeline = redis.pipeline();
  for (const { key } of standings) pipeline.xinfo('STREAM', key);
  const replies = (await pipeline.exec()) ?? [];
  return standings.map(({ after }, index) => {
    if (after === STREAM_START) return false;
    const [error, reply] = replies[index] ?? [new Error('No reply about a stream.'), null];
    if (error && !error.message.includes('no such key')) throw error;
    return error !== null || compareEntryIds(lastIdOf(reply), after) < 0;
  });
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

/** The reply is names and values in turn, or, by protocol, a map of them. */
function lastIdOf(reply: unknown): string {
  const name = 'last-generated-id';
  if (Array.isArray(reply)) return String(reply[reply.indexOf(name) + 1]);
  if (reply instanceof Map) return String(reply.get(name));
  return String((reply as Record<string, unknown>)[name]);
}
