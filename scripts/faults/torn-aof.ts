/**
 * The append-only file of the log's Redis loses its tail: Redis is killed under a running product, its newest file is
 * cut at several depths or ends in zeros, and it is started again. Once the senders have sent everything again, every
 * event is in history once, and the digest equals that of a clean run. Where even what was archived is gone, which takes
 * a disk that lies, the state is right after the repetition too, and the archive says that history is ahead.
 *
 * Usage: tsx scripts/faults/torn-aof.ts
 * Ends with one line `N passed, N failed`.
 */
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from '@/server/platform/embedded/ports';
import { findRedisProgram, type RedisServer, startRedis } from '@/server/platform/embedded/redis-server';
import { ChaosTraffic, type Targets } from '../chaos/chaos-traffic';
import { archivedIds, onceEach, replayInto, restingDigest } from '../chaos/verdict';
import { type OwnProduct, startOwnProduct } from '../own-product';

const RATE = 800;
const SEND_MS = 4_000;
/** So much is written while the archiver stands still that the deepest tear does not reach back to what it has seen. */
const SETTLE_MS = 2_000;
const GARBAGE_BYTES = 4_096;
/** What the archive says when it finds itself ahead of the log. */
const TOLD_LIMIT_MS = 15_000;
const AHEAD = 'history is ahead of the log';
const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

interface Tear {
  title: string;
  /** bytes cut off the end */
  cut: number;
  /** zeros are put in their place */
  garbage: boolean;
}

/** What a power cut tears was not archived: nobody reads what is not yet on disk. So the archiver stands still meanwhile. */
const TORN: readonly Tear[] = [
  { title: 'in the middle of a command', cut: 5, garbage: false },
  { title: 'in the middle of a transaction', cut: 150, garbage: false },
  { title: 'and ends in zeros', cut: 2_000, garbage: true },
  { title: 'with acknowledged events in what is gone', cut: 400_000, garbage: false },
];
/** A disk that lied: what it had promised to hold is gone, and history knows more than the log. */
const LIED = 'so deep that archived events are gone';

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

/** Where Redis writes to at present. */
function newestFile(): string {
  const files = join(logOptions.dataDir, 'appendonlydir');
  const name = readdirSync(files)
    .filter((file) => file.endsWith('.incr.aof'))
    .sort((a, b) => statSync(join(files, a)).mtimeMs - statSync(join(files, b)).mtimeMs)
    .at(-1);
  return join(files, name ?? '');
}

function tear({ cut, garbage }: Tear): void {
  const file = newestFile();
  truncateSync(file, Math.max(0, statSync(file).size - cut));
  if (garbage) appendFileSync(file, Buffer.alloc(GARBAGE_BYTES));
}

let log: RedisServer = await startRedis(program, logOptions);
const queue = await startRedis(program, queueOptions);

async function withLog<T>(ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(log.url, { protocol: 2 });
  try {
    return await ask(redis);
  } finally {
    redis.disconnect();
  }
}

/** Customer events that the log ever took. */
const appended = () =>
  withLog(async (redis) => {
    const counts = await redis.keys('{*.*}:n');
    const values = counts.length === 0 ? [] : await redis.mget(counts);
    return values.reduce((sum, value) => sum + Number(value), 0);
  });

async function tearUnderTraffic(product: OwnProduct, traffic: ChaosTraffic, at: Tear): Promise<void> {
  const sending = traffic.run();
  await sleep(SEND_MS);
  const archive = product.pidsOf('workers/stream.ts --only archive');
  for (const pid of archive) process.kill(pid, 'SIGSTOP');
  await sleep(SETTLE_MS);
  const lost = await returnWithout(() => tear(at));
  for (const pid of archive) process.kill(pid, 'SIGCONT');
  traffic.stop();
  await sending;
  await sendAllAgain(product, traffic);
  judge(`torn ${at.title}: ${lost}, all sent again, each is there once`, await onceEach(product, traffic));
}

/** Whether the archive's log says this within some seconds. */
async function tells(product: OwnProduct, words: string): Promise<boolean> {
  const file = join(product.dataDir, 'logs', 'archive.log');
  for (const deadline = Date.now() + TOLD_LIMIT_MS; Date.now() < deadline; await sleep(250)) {
    if (readFileSync(file, 'utf8').includes(words)) return true;
  }
  return false;
}

async function tearWhatIsArchived(product: OwnProduct, traffic: ChaosTraffic): Promise<void> {
  // All that is written from half of the traffic on goes, so events as well as what became of them: of a log that lost
  // only commits nothing is told, since processing makes up for them. One file throughout, or there is no such place in it.
  await withLog((redis) => redis.config('SET', 'auto-aof-rewrite-percentage', '0'));
  const sending = traffic.run();
  await sleep(SEND_MS / 2);
  const [file, { size }] = [newestFile(), statSync(newestFile())];
  await sleep(SEND_MS / 2);
  traffic.stop();
  await sending;
  await restingDigest(product);
  const lost = await returnWithout(() => truncateSync(file, size));
  // Looked for before more is sent: once the processors are past what was lost, nothing shows that it was.
  const isTold = await tells(product, AHEAD);
  await sendAllAgain(product, traffic);
  const archived = new Set(await archivedIds(product, traffic.prefix));
  const missing = [...traffic.acknowledgedIds()].filter((id) => !archived.has(id));
  judge(`torn ${LIED}: ${lost}, all sent again, none is missing, and it is told`, [
    ...missing.slice(0, 1).map((id) => `${missing.length} are missing, such as ${id}`),
    ...(isTold ? [] : ['the archive did not say that history is ahead of the log']),
  ]);
}

/** Kills Redis, cuts its file, starts it again. @returns what was lost, in words */
async function returnWithout(cut: () => void): Promise<string> {
  const before = await appended();
  await log.stop('SIGKILL');
  cut();
  log = await startRedis(program, logOptions);
  return `${Math.max(0, before - (await appended()))} of ${before} events lost`;
}

function targetsOf({ collectorUrl, keys }: OwnProduct): Targets {
  return { collectorUrl, writeKeys: [keys.writeKey] };
}

async function sendAllAgain(product: OwnProduct, traffic: ChaosTraffic): Promise<void> {
  await replayInto(targetsOf(product), traffic, [...traffic.acknowledgedIds()]);
  lastDigest = await restingDigest(product);
}

let lastDigest = '';
const product = await startOwnProduct({
  REDIS_URL: log.url,
  QUEUE_REDIS_URL: queue.url,
}).catch(async (error) => {
  await Promise.all([log.stop(), queue.stop()]);
  throw error;
});
const traffic = new ChaosTraffic(targetsOf(product), { seed: 1, rate: RATE, sentOnce: 0 });
try {
  for (const one of TORN) await tearUnderTraffic(product, traffic, one);
  await tearWhatIsArchived(product, traffic);
} catch (error) {
  judge(error instanceof Error ? error.message : String(error), ['it could not be carried through']);
} finally {
  await product.stop();
  await Promise.all([log.stop('SIGKILL'), queue.stop('SIGKILL')]);
  rmSync(folder, { recursive: true, force: true });
}
const clean = await startOwnProduct();
try {
  await replayInto(targetsOf(clean), traffic, [...traffic.acknowledgedIds()]);
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
