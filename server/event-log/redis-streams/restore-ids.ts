import type { Redis } from 'ioredis';
import { idPlace, repeatKey } from '../message-hash';
import { dedupKeys } from '../message-ids';

/** Puts ids into the newest generation, as an append does: bucket, how many, and as many ids, again and again. */
const RESTORE = `
local live = redis.call('GET', KEYS[1])
if not live then
  live = '1'
  redis.call('SET', KEYS[1], live)
end
local current = string.match(live, '%d+')
local fresh = 0
local at = 2
while at < #ARGV do
  local last = at + 1 + tonumber(ARGV[at + 1])
  fresh = fresh + redis.call('SADD', ARGV[1] .. current .. ':' .. ARGV[at], unpack(ARGV, at + 2, last))
  at = last + 1
end
if fresh > 0 then redis.call('HINCRBY', KEYS[2], current, fresh) end
return fresh
`;

/** A few milliseconds of Redis; several ids then share a bucket, and so a call. */
const AT_ONCE = 20_000;

/** Of one call in a script. */
const MOST_ARGUMENTS = 1_000;

/** A message as history holds it. */
export interface TakenMessage {
  sourceId: string;
  messageId: string;
  /** digest of what repeats; null: the message id does */
  repeatKey: string | null;
}

/** Makes messages that were taken before the ids were lost known again. */
export class RestoredIds {
  /** bucket → ids */
  #waiting = new Map<string, string[]>();
  #count = 0;
  /** made known that were not */
  fresh = 0;

  /** @param partition where ids live by partition; absent: by shard */
  constructor(
    readonly redis: Redis,
    readonly shardId: number,
    readonly partition: number | undefined,
  ) {}

  async add(messages: Iterable<TakenMessage>): Promise<void> {
    for (const { sourceId, messageId, repeatKey: digits } of messages) {
      const { idBucket, idValue } = idPlace(digits ?? repeatKey(sourceId, messageId));
      const others = this.#waiting.get(idBucket);
      if (others) others.push(idValue);
      else this.#waiting.set(idBucket, [idValue]);
      this.#count += 1;
      if (this.#count >= AT_ONCE) await this.flush();
    }
  }

  async flush(): Promise<void> {
    if (this.#count === 0) return;
    const args: (string | number)[] = [];
    for (const [bucket, ids] of this.#waiting)
      for (let from = 0; from < ids.length; from += MOST_ARGUMENTS) {
        const part = ids.slice(from, from + MOST_ARGUMENTS);
        args.push(bucket, part.length, ...part);
      }
    this.#waiting = new Map();
    this.#count = 0;
    const keys = dedupKeys(this.shardId, this.partition);
    this.fresh += Number(await this.redis.eval(RESTORE, 2, keys.live, keys.counts, keys.prefix, ...args));
  }
}
