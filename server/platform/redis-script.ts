import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/**
 * A Lua script that is sent by its digest. `run` sends it whole when a server does not know it yet; who sends the
 * digest in a pipeline of his own loads it before.
 */
export class RedisScript {
  readonly sha: string;
  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }

  async load(redis: Redis): Promise<void> {
    await redis.script('LOAD', this.text);
  }

  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return redis.eval(this.text, keys.length, ...keys, ...args);
    }
  }
}
