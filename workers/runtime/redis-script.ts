import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { loadScript } from '@/server/platform/redis';

/** A Lua script that is sent by its hash; loaded before use and again when the server has forgotten it. */
export class RedisScript {
  readonly sha: string;
  constructor(readonly text: string) {
    this.sha = createHash('sha1').update(text).digest('hex');
  }

  async load(redis: Redis): Promise<void> {
    await loadScript(redis, this.text);
  }
}
