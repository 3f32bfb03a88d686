import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script called by its digest, and sent whole the first time a server does not know it. */
export class RedisScript {
  readonly #redis: Redis;
  readonly #source: string;
  readonly #digest: string;

  constructor(redis: Redis, source: string) {
    this.#redis = redis;
    this.#source = source;
    this.#digest = createHash('sha1').update(source).digest('hex');
  }

  async run(keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await this.#redis.evalsha(this.#digest, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return this.#redis.eval(this.#source, keys.length, ...keys, ...args);
    }
  }
}
