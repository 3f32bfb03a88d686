import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { freePort } from '@/server/platform/embedded/ports';
import { findRedisProgram, type RedisOptions, startRedis } from '@/server/platform/embedded/redis-server';

export interface TestRedis {
  /** Log, state, consent and epochs. */
  readonly url: string;
  /** BullMQ and sockets: another database of the same server. */
  readonly queueUrl: string;
  /** Ends the server without warning, as `kill -9` does. */
  kill(): Promise<void>;
  /** Starts it again on the same port and files. */
  restart(): Promise<void>;
}

/**
 * A Redis process of the test file's own (pub/sub has no databases, so sharing one would leak). Ended after the file.
 * @param durability `always` for tests that kill it; by default nothing is kept
 */
export async function testRedis(durability: RedisOptions['durability'] = 'none'): Promise<TestRedis> {
  const program = findRedisProgram(process.env.PATH ?? '');
  if (!program)
    throw new Error('The tests need redis-server: apt-get install redis-server, or brew install redis.');
  const dataDir = mkdtempSync(join(inject('servers').redisFolder, 'file-'));
  const options = { dataDir, port: await freePort(), logFile: join(dataDir, 'redis.log'), durability };
  let server = await startRedis(program, options);
  afterAll(() => server.stop('SIGKILL'));
  return {
    url: `${server.url}/0`,
    queueUrl: `${server.url}/1`,
    kill: () => server.stop('SIGKILL'),
    restart: async () => {
      server = await startRedis(program, options);
    },
  };
}
