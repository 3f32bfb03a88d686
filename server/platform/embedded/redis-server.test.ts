import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './ports';
import { findRedisProgram, type RedisServer, startRedis } from './redis-server';

let folder: string;
let server: RedisServer | undefined;

async function start(dataDir: string, port: number): Promise<RedisServer> {
  const program = findRedisProgram(process.env.PATH ?? '') ?? '';
  const logFile = join(folder, 'redis.log');
  server = await startRedis(program, { dataDir, port, durability: 'always', logFile, password: 'pass/word' });
  return server;
}

async function answer(url: string): Promise<{ pong: string; path: string | undefined }> {
  const redis = new Redis(url, { protocol: 2 });
  try {
    return { pong: await redis.ping(), path: redis.options.path };
  } finally {
    redis.disconnect();
  }
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mr-'));
});
afterEach(async () => {
  await server?.stop('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('a Redis of the product', () => {
  it('is reached by address, and by a socket file of its folder', async () => {
    const { url, nearUrl } = await start(folder, await freePort());
    expect(await answer(url)).toEqual({ pong: 'PONG', path: undefined });
    expect(await answer(nearUrl)).toEqual({ pong: 'PONG', path: join(folder, 'redis.sock') });
  });

  it('is reached again by who waits for it at its socket file while it is killed and started', async () => {
    const port = await freePort();
    const { nearUrl } = await start(folder, port);
    const client = new Redis(nearUrl, { protocol: 2, maxRetriesPerRequest: null, retryStrategy: () => 5 });
    client.on('error', () => undefined);
    await client.set('key', 'value');
    await server?.stop('SIGKILL');
    const read = client.get('key');
    await start(folder, port);
    expect(await read).toBe('value');
    client.disconnect();
  });

  it('is reached by address alone where the path of its folder is too long for a socket', async () => {
    const { url, nearUrl } = await start(join(folder, 'long'.repeat(30)), await freePort());
    expect(nearUrl).toBe(url);
    expect((await answer(nearUrl)).pong).toBe('PONG');
  });
});
