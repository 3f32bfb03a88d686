/**
 * The collector against the bare loop, each on a fresh Redis that fsyncs every write, with the load generator on the
 * same machine: the ratio that the bar of 0.75 is about, without the rest of the product.
 *
 * Usage: tsx scripts/bench/collector.ts [seconds]
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '@/server/platform/embedded/ports';

import type { LoadFigures } from './load-options';
import { load, run, sleep } from './processes';

const PARTITIONS = 64;
const CONNECTIONS = 16;
const seconds = Number(process.argv[2] ?? 8);

async function measure(script: string, writeKey: string): Promise<LoadFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-collector-'));
  const [redisPort, port] = [await freePort(), await freePort()];
  const settings = ['--port', `${redisPort}`, '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const server = spawn(
    'redis-server',
    [...settings, '--appendfsync', 'always', '--set-max-intset-entries', '65536'],
    {
      stdio: 'ignore',
    },
  );
  const redis = new Redis(redisPort, '127.0.0.1');
  await redis.ping();
  const collector = run(script, `${port}`, `${redisPort}`, `${PARTITIONS}`);
  try {
    while (!collector.lines.includes('ready')) await sleep(50);
    const target = { url: `http://127.0.0.1:${port}`, writeKey, connections: CONNECTIONS, rate: 0 };
    await load({ ...target, seconds: 2, seed: 2 });
    return await load({ ...target, seconds, seed: 3 });
  } finally {
    collector.child.kill();
    redis.disconnect();
    server.kill();
    await sleep(300);
    rmSync(folder, { recursive: true, force: true });
  }
}

const bare = await measure('./bare-collector.ts', 'bare');
const real = await measure('./collector-alone.ts', 'bench');
process.stdout.write(
  `${JSON.stringify({ bare, real, ratio: Math.round((real.perSecond / bare.perSecond) * 1_000) / 1_000, bar: 0.75 }, null, 1)}\n`,
);
