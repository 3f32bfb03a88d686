import type { Redis } from 'ioredis';
import { idPlace, repeatKey } from '../message-hash';
import { dedupKeys } from '../message-ids';

/** Puts an id into the newest generation, as an append does. */
const RESTORE = `
local live = redis.call('GET', KEYS[1])
if not live then
  live = '1'
  redis.call('SET', KEYS[1], live)
end
local current = string.match(live, '%d+')
local fresh = 0
for at = 2, #ARGV, 2 do
  fresh = fresh + redis.call('SADD', ARGV[1] .. current .. ':' .. ARGV[at], ARGV[at + 1])
end
if fresh > 0 then redis.call('HINCRBY', KEYS[2], current, fresh) end
return fresh
`;

const AT_ONCE = 1_000;

/** A message as history holds it. */
export interface TakenMessage {
  sourceId: string;
  messageId: string;
  /** digest of what repeats; null: the message id does */
  repeatKey: string | null;
}

/**
 * Makes messages that were taken before the ids were lost known again.
 * @param partition where ids live by partition; absent: by shard
 */
export async function restoreIds(
  redis: Redis,
  shardId: number,
  partition: number | undefined,
  messages: readonly TakenMessage[],
): Promise<void> {
  const keys = dedupKeys(shardId, partition);
  for (let from = 0; from < messages.length; from += AT_ONCE) {
    const args = messages.slice(from, from + AT_ONCE).flatMap((message) => {
      const { idBucket, idValue } = idPlace(
        message.repeatKey ?? repeatKey(message.sourceId, message.messageId),
      );
      return [idBucket, idValue];
    });
    await redis.eval(RESTORE, 2, keys.live, keys.counts, keys.prefix, ...args);
  }
}
