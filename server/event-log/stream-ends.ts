import type { Redis } from 'ioredis';
import { RedisScript } from '@/server/platform/redis-script';
import { compareEntryIds, STREAM_START } from './entry-id';

/** A stream, and the entry that a reader of it believes to have read last. */
export interface StreamStanding {
  key: string;
  after: string;
}

/** The stream's last id, or false where there is none. XINFO alone would send its first and last entries along. */
const lastId = new RedisScript(`
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local info = redis.call('XINFO', 'STREAM', KEYS[1])
for at = 1, #info, 2 do
  if info[at] == 'last-generated-id' then return info[at + 1] end
end
return false`);

/**
 * Whether each stream is another one than its reader followed: it ends before the reader's place, or is not there at
 * all. That is so when Redis was lost, or set back to an earlier moment, while the place was kept elsewhere.
 */
export async function endedStreams(redis: Redis, standings: readonly StreamStanding[]): Promise<boolean[]> {
  const followed = standings.filter(({ after }) => after !== STREAM_START);
  const lastIds = await lastId.pipelined(
    redis,
    followed.map(({ key }) => ({ keys: [key], args: [] })),
  );
  const ended = new Set(
    followed.filter(({ after }, index) => {
      const last = lastIds[index];
      return typeof last !== 'string' || compareEntryIds(last, after) < 0;
    }),
  );
  return standings.map((one) => ended.has(one));
}
