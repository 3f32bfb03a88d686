import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findRedisProgram, type RedisServer, startRedis } from '@/server/platform/embedded/redis-server';
import { DataFolder } from './data-folder';
import { onOwnPort } from './own-port';

const program = findRedisProgram(process.env.PATH ?? '');
const root = mkdtempSync(join(tmpdir(), 'millrace-own-port-'));
const data = new DataFolder(root);
const other = createServer();
const stopping = new AbortController().signal;
let running: RedisServer | undefined;

beforeAll(() => data.claim());
afterAll(async () => {
  await running?.stop();
  other.close();
  rmSync(root, { recursive: true, force: true });
});

it('starts a server on another port when its own was taken meanwhile, and keeps that one from then on', async () => {
  const tried: number[] = [];
  const start = onOwnPort(data, 'logRedis', async (port, signal) => {
    // The other program is quicker than the server, as a second product that starts at the same moment is.
    if (tried.push(port) === 1)
      await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const logFile = data.at('logs', 'redis.log');
    const dataDir = data.at('redis-log');
    return startRedis(program ?? '', { dataDir, port, durability: 'none', logFile, stopping: signal });
  });
  running = await start(stopping);
  expect(tried).toHaveLength(2);
  expect(tried[1]).not.toBe(tried[0]);
  await running.stop();
  running = await start(stopping);
  expect(tried[2]).toBe(tried[1]);
  await running.stop();
  expect(await data.port('logRedis')).toBe(tried[1]);
});

it('lets every other failure through at once', async () => {
  let attempts = 0;
  const start = onOwnPort(data, 'queueRedis', async () => {
    attempts += 1;
    throw new Error('the disk is full');
  });
  await expect(start(stopping)).rejects.toThrow('the disk is full');
  expect(attempts).toBe(1);
});
