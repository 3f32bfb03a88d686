import type { Redis } from 'ioredis';
import { compareEntryIds, STREAM_START } from './entry-id';

/** A stream, and the entry that a reader of it believes to have read last. */
export interface StreamStanding {
  key: string;
  after: string;
}

/**
 * Whether each stream is another one than its reader followed: it ends before the reader's place, or is not there at
 * all. That is so when Redis was lost, or set back to an earlier moment, while the place was kept elsewhere.
 */
export async function endedStreams(redis: Redis, standings: readonly StreamStanding[]): Promise<boolean[]> {
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

/** The reply is names and values in turn, or, by protocol, a map of them. */
function lastIdOf(reply: unknown): string {
  const name = 'last-generated-id';
  if (Array.isArray(reply)) return String(reply[reply.indexOf(name) + 1]);
  if (reply instanceof Map) return String(reply.get(name));
  return String((reply as Record<string, unknown>)[name]);
}
