import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, expect, it } from 'vitest';
import { countKey, offsetKey } from '@/server/event-log';
import { ensureWorkspace, writeKeyState } from '@/server/identity/provision.service';
import { randomId } from '@/server/platform/connections';
import { testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import type { OwnProduct } from '../../own-product';
import { BenchProduct } from './bench-product';

const PARTITIONS = 8;
const database = await testDatabase();
const servers = await testRedis();
const dataDir = mkdtempSync(join(tmpdir(), 'millrace-bench-product-'));
const redis = new Redis(servers.url);
const deps = { db: database.prisma, logRedis: redis, queueRedis: redis, now: Date.now, newId: randomId };
afterAll(() => {
  redis.disconnect();
  rmSync(dataDir, { recursive: true });
});

/** What a row knows of a product: where its stores are, and this process in place of its own. */
function runningProduct(): OwnProduct {
  mkdirSync(join(dataDir, 'run'));
  const addresses = {
    DATABASE_URL: database.urls.app,
    REDIS_URL: servers.url,
    QUEUE_REDIS_URL: servers.queueUrl,
  };
  writeFileSync(join(dataDir, 'run', 'addresses.json'), JSON.stringify(addresses));
  writeFileSync(join(dataDir, 'run', 'processes.json'), JSON.stringify([{ name: 'web', pid: process.pid }]));
  return {
    consoleUrl: '',
    collectorUrl: '',
    dataDir,
    keys: { password: '', writeKey: 'demo', apiKey: '' },
    pid: process.pid,
    exited: Promise.resolve(0),
    output: () => '',
    pidsOf: () => [],
    redisUrls: () => [servers.url, servers.queueUrl],
    stop: async () => undefined,
  };
}

it('makes workspaces with a key each, and sees in all of them what is not done', async () => {
  const demo = { name: 'Demo', slug: 'demo', currency: 'USD', timeZone: 'UTC', region: 'local' };
  await ensureWorkspace(deps, { ...demo, partitions: PARTITIONS });
  const bench = await BenchProduct.of(runningProduct(), 3);
  try {
    const shards = await deps.db.shard.findMany({ orderBy: { id: 'asc' } });
    expect(shards.map(({ partitions }) => partitions)).toEqual([PARTITIONS, PARTITIONS, PARTITIONS]);
    const [, , third] = shards;
    expect(bench.writeKeys).toHaveLength(3);
    expect(await writeKeyState(deps, third?.workspaceId ?? '', bench.writeKeys[2] ?? '')).toBe('works');

    const last = [third?.id ?? 0, PARTITIONS - 1] as const;
    await redis.set(countKey(...last), 50);
    await redis.hset(offsetKey(...last, 'main'), 'n', 50);
    await redis.hset(offsetKey(...last, 'archive'), 'n', 30);
    expect(await bench.processed()).toBe(30);
    let isDrained = false;
    const draining = bench.drain().then(() => {
      isDrained = true;
    });
    await bench.processed();
    expect(isDrained).toBe(false);
    await redis.hset(offsetKey(...last, 'archive'), 'n', 50);
    await draining;
    expect(await bench.processed()).toBe(50);
  } finally {
    await bench.stop();
  }
});

it('tells what processor time each process has used', async () => {
  rmSync(join(dataDir, 'run'), { recursive: true });
  const bench = await BenchProduct.of(runningProduct());
  try {
    const { all, byProcess } = bench.cpu();
    expect(all).toBeGreaterThan(0);
    expect(byProcess).toEqual({ web: all });
  } finally {
    await bench.stop();
  }
});
