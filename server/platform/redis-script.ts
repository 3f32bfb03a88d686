import { createHash } from 'node:crypto';
import { loadScript, type Redis } from './redis';

export interface ScriptRun {
  keys: readonly string[];
  args: readonly (string | number)[];
}

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
    await loadScript(redis, this.text);
  }

  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.includes('NOSCRIPT')) throw error;
      return redis.eval(this.text, keys.length, ...keys, ...args);
    }
  }

  /**
   * Many runs in one pipeline; those that met a server which has forgotten the script are run again.
   * @throws the first error of another kind
   */
  async pipelined(redis: Redis, runs: readonly ScriptRun[]): Promise<unknown[]> {
    const replies = await this.#send(redis, runs);
    const again = [...replies.keys()].filter((at) => replies[at]?.[0]?.message.includes('NOSCRIPT'));
    if (again.length > 0) {
      await this.load(redis);
      const second = await this.#send(
        redis,
        again.flatMap((at) => runs[at] ?? []),
      );
      for (const [index, at] of again.entries())
        replies[at] = second[index] ?? [new Error('No reply.'), null];
    }
    return replies.map(([error, value]) => {
      if (error) throw error;
      return value;
    });
  }

  async #send(redis: Redis, runs: readonly ScriptRun[]): Promise<[Error | null, unknown][]> {
    const pipeline = redis.pipeline();
    for (const { keys, args } of runs) pipeline.evalsha(this.sha, keys.length, ...keys, ...args);
    return (await pipeline.exec()) ?? [];
  }
}
