import type { Redis } from 'ioredis';
import { RedisScript } from '@/server/platform/redis-script';
import { deadLetterCountKey, deadLetterLogKey } from './log-keys';
import { dedupKeys, type MessageIdOptions } from './message-ids';
import type { DeadLetterRecord } from './records';
import { appendArguments } from './redis-streams/append-arguments';
import { APPEND_SCRIPT } from './redis-streams/append-script';

/** Dead letters of logs that are appended to partition by partition. They lie in Redis, wherever the events do. */
export class DeadLetterLog {
  readonly #redis: Redis;
  readonly #idScope: MessageIdOptions['idScope'];
  readonly #append: RedisScript;

  constructor({ redis, idScope }: Pick<MessageIdOptions, 'redis' | 'idScope'>) {
    this.#redis = redis;
    this.#idScope = idScope;
    this.#append = new RedisScript(APPEND_SCRIPT);
  }

  /** Durable when it resolves. Under ids of the shard, one that was kept before is left out. */
  async append(shardId: number, deadLetters: readonly DeadLetterRecord[]): Promise<void> {
    if (deadLetters.length === 0) return;
    if (this.#idScope === 'shard') {
      const { keys, args } = appendArguments({ shardId, events: [], deadLetters }, dedupKeys(shardId), true);
      await this.#append.run(this.#redis, keys, args);
      return;
    }
    const soFar = await this.#redis.incrby(deadLetterCountKey(shardId), deadLetters.length);
    await this.#redis.xadd(deadLetterLogKey(shardId), '*', 'r', JSON.stringify(deadLetters), 'n', soFar);
  }
}
