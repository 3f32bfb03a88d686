/**
 * The append-only file of the log's Redis loses its tail, as a power cut or a disk that lies leaves it: Redis is killed
 * under a running product, its newest file is cut at several depths or ends in garbage, and it is started again. Once
 * the senders send everything again, every event is in history once and the digest equals that of a clean run – also where history had already archived what the log lost.
 *
 * Usage: tsx scripts/faults/torn-aof.ts
 * Ends with one line `N passed, N failed`.
 */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { findRedisProgram, type RedisServer, startRedis } from '@/server/platform/embedded/redis-server';
import { ChaosTraffic } from '../chaos/chaos-traffic';
import { onceEach, replayInto, restingDigest } from '../chaos/verdict';
import { freePort, type OwnProduct, startOwnProduct } from '../own-product';

const RATE = 800;
const SEND_MS = 4_000;
const GARBAGE_BYTES = 4_096;

/** A cut this deep takes events with it. */
const LEAST_DEEP = 10_000;

interface Tear {
  title: string;
  cut: number;
  garbage: boolean;
}

/** Bytes cut off the end; then what is put in their place. */
const TEARS: readonly Tear[] = [
  { title: 'in the middle of a command', cut: 5, garbage: false },
  { title: 'in the middle of a transaction', cut: 150, garbage: false },
  { title: 'and ends in zeros', cut: 40, garbage: true },
  { title: '20 KB deep', cut: 20_000, garbage: false },
  { title: '300 KB deep, far behind what is archived', cut: 300_000, garbage: false },
];

const folder = mkdtempSync(join(tmpdir(), 'millrace-torn-'));
const program = findRedisProgram(process.env.PATH ?? '') ?? 'redis-server';
const logOptions = {
  dataDir: join(folder, 'log'),
  port: await freePort(),
  durability: 'always' as const,
  logFile: join(folder, 'log.log'),
};
const queueOptions = {
  dataDir: join(folder, 'queue'),
  port: await freePort(),
  durability: 'everysec' as const,
  logFile: join(folder, 'queue.log'),
};

let passed = 0;
let failed = 0;
function judge(title: string, problems: readonly string[]): void {
  process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  ${title}\n`);
  for (const problem of problems.slice(0, 5)) process.stdout.write(`        ${problem}\n`);
  if (problems.length === 0) passed += 1;
  else failed += 1;
}

function tear({ cut, garbage }: Tear): void {
  const files = join(logOptions.dataDir, 'appendonlydir');
  const name = readdirSync(files)
    .filter((file) => file.endsWith('.incr.aof'))
    .sort((a, b) => statSync(join(files, a)).mtimeMs - statSync(join(files, b)).mtimeMs)
    .at(-1);
  const file = join(files, name ?? '');
  truncateSync(file, Math.max(0, statSync(file).size - cut));
  if (garbage) appendFileSync(file, Buffer.alloc(GARBAGE_BYTES));
}

let log: RedisServer = await startRedis(program, logOptions);
const queue = await startRedis(program, queueOptions);

/** Customer events that the log ever took. */
async function appended(): Promise<number> {
  const redis = new Redis(log.url, { protocol: 2 });
  try {
    const counts = await redis.keys('{*.*}:n');
    const values = counts.length === 0 ? [] : await redis.mget(counts);
    return values.reduce((sum, value) => sum + Number(value), 0);
  } finally {
    redis.disconnect();
  }
}

/** @returns the digest at rest afterwards */
async function tornOnce(product: OwnProduct, traffic: ChaosTraffic, at: Tear): Promise<string> {
  const sending = traffic.run();
  setTimeout(() => traffic.stop(), SEND_MS);
  await sending;
  await restingDigest(product);
  const before = await appended();
  await log.stop('SIGKILL');
  tear(at);
  log = await startRedis(program, logOptions);
  const lost = before - (await appended());
  const all = [...traffic.acknowledgedIds()];
  await replayInto(product, traffic, all);
  const digest = await restingDigest(product);
  const problems = await onceEach(product, traffic);
  if (lost === 0 && at.cut > LEAST_DEEP) problems.push('nothing was lost: it was not torn');
  judge(`torn ${at.title}: ${lost} of ${before} events lost, all sent again, each is there once`, problems);
  return digest;
}

let lastDigest = '';
const product = await startOwnProduct({
  REDIS_URL: log.url,
  QUEUE_REDIS_URL: queue.url,
}).catch(async (error) => {
  await Promise.all([log.stop(), queue.stop()]);
  throw error;
});
const target = { collectorUrl: product.collectorUrl, writeKey: product.keys.writeKey };
const traffic = new ChaosTraffic(target, { seed: 1, rate: RATE, sentOnce: 0 });
try {
  for (const one of TEARS) lastDigest = await tornOnce(product, traffic, one);
} catch (error) {
  judge(error instanceof Error ? error.message : String(error), ['it could not be carried through']);
} finally {
  await product.stop();
  await Promise.all([log.stop('SIGKILL'), queue.stop('SIGKILL')]);
  rmSync(folder, { recursive: true, force: true });
}
const clean = await startOwnProduct();
try {
  await replayInto(clean, traffic, [...traffic.acknowledgedIds()]);
  const expected = await restingDigest(clean);
  judge(
    'the digest equals that of a clean run over the same events',
    lastDigest === expected ? [] : [`${lastDigest}, the clean run ${expected}`],
  );
} finally {
  await clean.stop();
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
