import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { loadScript } from '@/server/platform/redis';
import { valuesOf } from './redis-replies';

export interface ScriptRun {
  keys: readonly string[];
  args: readonly (string | number)[];
}

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

  /** Many runs in one pipeline; those that met a server which has forgotten the script are run again. */
  async pipelined(runs: readonly ScriptRun[]): Promise<unknown[]> {
    const replies = await this.#send(runs);
    const again = [...replies.keys()].filter((at) => replies[at]?.[0]?.message.includes('NOSCRIPT'));
    if (again.length > 0) {
      await loadScript(this.#redis, this.#source);
      const second = await this.#send(again.flatMap((at) => runs[at] ?? []));
      for (const [index, at] of again.entries())
        replies[at] = second[index] ?? [new Error('No reply.'), null];
    }
    return valuesOf(replies);
  }

  async #send(runs: readonly ScriptRun[]): Promise<[Error | null, unknown][]> {
    const pipeline = this.#redis.pipeline();
    for (const { keys, args } of runs) pipeline.evalsha(this.#digest, keys.length, ...keys, ...args);
    return (await pipeline.exec()) ?? [];
  }
}
