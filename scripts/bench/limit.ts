import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '@/server/platform/embedded/ports';
import { load, run, sleep } from './processes';

const PARTITIONS = 64;

/** The machine's limit L: the bare loop of `bare-collector` and `bare-reader` over a Redis that fsyncs every write. */
export interface LimitFigures {
  /** events a second through the whole bare loop, from first request to last event counted */
  L: number;
  accepted: number;
  counted: number;
  ackP99Ms: number;
}

export async function measureLimit(seconds: number): Promise<LimitFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-limit-'));
  const [redisPort, port] = [await freePort(), await freePort()];
  const server = spawn(
    'redis-server',
    [
      '--port',
      String(redisPort),
      '--dir',
      folder,
      '--save',
      '',
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
    ],
    { stdio: 'ignore' },
  );
  const redis = new Redis(redisPort, '127.0.0.1');
  // It is tried until the server is there.
  redis.on('error', () => undefined);
  await redis.ping();
  const collector = run('./bare-collector.ts', String(port), String(redisPort), String(PARTITIONS));
  const reader = run('./bare-reader.ts', String(redisPort), String(PARTITIONS));
  try {
    while (!collector.lines.includes('ready')) await sleep(50);
    const started = Date.now();
    const sent = await load({
      url: `http://127.0.0.1:${port}`,
      writeKey: 'bare',
      seconds,
      connections: 16,
      rate: 0,
    });
    let counted = 0;
    while (counted < sent.accepted && Date.now() < started + seconds * 4_000) {
      await sleep(100);
      counted = JSON.parse(reader.lines.at(-1) ?? '{"count":0}').count;
    }
    const elapsed = (Date.now() - started) / 1_000;
    return { L: Math.round(counted / elapsed), accepted: sent.accepted, counted, ackP99Ms: sent.ackMs.p99 };
  } finally {
    collector.child.kill();
    reader.child.kill();
    redis.disconnect();
    server.kill();
    await sleep(300);
    rmSync(folder, { recursive: true, force: true });
  }
}
