/**
 * How long it takes until all is well again: after `kill -9` of a worker, of Redis with a million events, of Postgres;
 * how fast a backlog drains while more arrives; what 1 → 3 → 1 workers under load do to partitions that stay where they are.
 *
 * Usage: tsx scripts/faults/failover.ts [--only workers|scale|modules|backlog|postgres|redis] [--kills 30] [--events 1000000]
 *   [--judge on|off]   off: times are told, not judged, where other work on the machine would be judged with them
 * Ends with one line `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { until } from '@/server/platform/until';
import { liveWorkers } from '@/server/scaling';
import { embeddedAdministratorUrl } from '../backup/backup-format';
import { percentiles } from '../bench/percentiles';
import { load, sleep, startLoad } from '../bench/processes';
import { countedEvents, drain } from '../bench/product-figures';
import { startExtraWorker } from '../chaos/extra-worker';
import { type OwnProduct, startOwnProduct } from '../own-product';
import { PartitionWatch } from './partition-watch';
import { answersPing, archivedRows, isTaken, redisPidOf } from './store-probes';

const BARS = {
  workerMs: 3_000,
  redisMs: 3_000,
  postgresMs: 5_000,
  drain: 2,
  unmovedPauseMs: 2_000,
  othersPauseMs: 1_000,
};
const STEADY_RATE = 600;
const CUSTOMERS = 20_000;
const SCALE_RATE = 2_000;
const BACKLOG_RATE = 3_000;
const PHASE_MS = 8_000;
const WAIT_MS = 60_000;

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    kills: { type: 'string', default: '30' },
    events: { type: 'string', default: '1000000' },
    judge: { type: 'string', default: 'on' },
  },
});

let passed = 0;
let failed = 0;
function judge(title: string, isWell: boolean): void {
  const isCounted = options.judge === 'on';
  process.stdout.write(`${isWell ? 'ok' : isCounted ? 'FAILED' : 'over'}  ${title}\n`);
  if (isWell || !isCounted) passed += 1;
  else failed += 1;
}

/** A truth that no other work on the machine can change. */
function assert(title: string, isWell: boolean): void {
  process.stdout.write(`${isWell ? 'ok' : 'FAILED'}  ${title}\n`);
  if (isWell) passed += 1;
  else failed += 1;
}

const inSeconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;

function loadOf(product: OwnProduct, seconds: number, rate: number, seed: number) {
  const { collectorUrl: url, keys } = product;
  return { url, writeKey: keys.writeKey, seconds, connections: 8, rate, seed, customers: CUSTOMERS };
}

/** Partitions that each live worker of the main group says it holds, by process id. */
async function holdings(product: OwnProduct): Promise<Map<number, string[]>> {
  const redis = new Redis(product.redisUrls()[1] ?? '', { protocol: 2 });
  try {
    const beats = await liveWorkers(redis, 'main', Date.now());
    return new Map(beats.map(({ worker, partitions }) => [Number(worker.split('-').at(-2)), partitions]));
  } finally {
    redis.disconnect();
  }
}

/** Waits until so many workers hold all partitions about evenly. @returns how many each holds */
async function settled(product: OwnProduct, workers: number, partitions: number): Promise<number[]> {
  return until(
    async () => {
      const counts = [...(await holdings(product)).values()].map(({ length }) => length);
      const sum = counts.reduce((total, count) => total + count, 0);
      const isSpread = Math.min(...counts) > partitions / workers / 2;
      return counts.length === workers && sum === partitions && isSpread ? counts : null;
    },
    { timeoutMs: WAIT_MS, everyMs: 100, what: `${workers} workers to share the partitions` },
  );
}

async function killWorkers(product: OwnProduct): Promise<void> {
  const kills = Number(options.kills);
  // Long enough for every kill; ended when they are done.
  const { child: generator } = startLoad(loadOf(product, WAIT_MS * kills, STEADY_RATE, 1));
  await sleep(3_000);
  const watch = await PartitionWatch.open(product);
  const slowest: number[] = [];
  for (let kill = 0; kill < kills; kill += 1) {
    const victim = await startExtraWorker(product, { name: 'victim' });
    await settled(product, 2, 64);
    // Kills fall anywhere between two renewals of a lease.
    await sleep(300 + ((kill * 137) % 500));
    const owned = (await holdings(product)).get(victim.pid ?? 0) ?? [];
    const at = Date.now();
    process.kill(victim.pid ?? 0, 'SIGKILL');
    await until(() => watch.notCommittedSince(owned, at).length === 0, {
      timeoutMs: WAIT_MS,
      everyMs: 10,
      what: 'the partitions of the killed worker to be processed again',
    });
    slowest.push(Date.now() - at);
  }
  watch.close();
  generator.kill();
  const { p50, p99, max, count } = percentiles(slowest);
  judge(
    `worker killed ${count} times: all its partitions are processed again after p50 ${inSeconds(p50)}, p99 ${inSeconds(p99)}, at most ${inSeconds(max)} (bar p99 ${inSeconds(BARS.workerMs)})`,
    p99 < BARS.workerMs,
  );
}

async function scaleUpAndDown(product: OwnProduct): Promise<void> {
  const before = await countedEvents(product, 0);
  const sending = load(loadOf(product, (5 * PHASE_MS) / 1_000 + 20, SCALE_RATE, 2));
  await sleep(PHASE_MS);
  const watch = await PartitionWatch.open(product);
  watch.reset();
  const workers = await Promise.all(['second', 'third'].map((name) => startExtraWorker(product, { name })));
  const spread = await settled(product, 3, 64);
  await sleep(PHASE_MS);
  const up = watch.pauses();
  watch.reset();
  for (const worker of workers) await worker.stop();
  await settled(product, 1, 64);
  await sleep(PHASE_MS);
  const down = watch.pauses();
  watch.close();
  const { accepted } = await sending;
  await drain(product);
  for (const [way, { moved, unmoved }] of [
    ['1 → 3', up],
    ['3 → 1', down],
  ] as const) {
    judge(
      `${way} workers at ${SCALE_RATE} events/s: ${unmoved.count} partitions stayed and paused ${inSeconds(unmoved.ms)} at most (bar ${inSeconds(BARS.unmovedPauseMs)}); ${moved.count} moved and paused ${inSeconds(moved.ms)} at most`,
      unmoved.ms <= BARS.unmovedPauseMs,
    );
  }
  process.stdout.write(`    held by the three: ${spread.join(', ')}\n`);
  const counted = (await countedEvents(product, before + accepted)) - before;
  assert(`1 → 3 → 1: ${accepted} events acknowledged, ${counted} counted`, counted === accepted);
}

/** A group that ends and comes back moves nobody else. */
async function restartModule(product: OwnProduct): Promise<void> {
  const sending = load(loadOf(product, 25, STEADY_RATE, 6));
  await sleep(5_000);
  const watch = await PartitionWatch.open(product);
  watch.reset();
  const [archive = 0] = product.pidsOf('workers/stream.ts --only archive');
  process.kill(archive, 'SIGKILL');
  await until(() => product.pidsOf('workers/stream.ts --only archive').some((pid) => pid !== archive), {
    timeoutMs: WAIT_MS,
    what: 'the archive to be started again',
  });
  await sleep(PHASE_MS);
  const { moved, unmoved } = watch.pauses();
  watch.close();
  judge(
    `archive killed: no partition of main changed hands or waited longer than ${inSeconds(unmoved.ms)} (bar ${inSeconds(BARS.othersPauseMs)})`,
    moved.count === 0 && unmoved.ms <= BARS.othersPauseMs,
  );
  await sending;
  await drain(product);
}

async function drainBacklog(product: OwnProduct): Promise<void> {
  const stream = product.pidsOf('workers/stream.ts --only main');
  for (const pid of stream) process.kill(pid, 'SIGSTOP');
  const buildSeconds = 20;
  await load(loadOf(product, buildSeconds, BACKLOG_RATE, 3));
  const sending = load(loadOf(product, 30, BACKLOG_RATE, 4));
  await sleep(2_000);
  const watch = await PartitionWatch.open(product);
  const backlog = watch.backlog;
  const processed = watch.processed;
  for (const pid of stream) process.kill(pid, 'SIGCONT');
  const began = Date.now();
  await until(() => watch.backlog < BACKLOG_RATE / 4, { timeoutMs: WAIT_MS, what: 'the backlog to drain' });
  const seconds = (Date.now() - began) / 1_000;
  const rate = (watch.processed - processed) / seconds;
  watch.close();
  judge(
    `a backlog of ${backlog} events drains in ${seconds.toFixed(1)} s while ${BACKLOG_RATE}/s arrive: ${Math.round(rate)}/s processed, ${(rate / BACKLOG_RATE).toFixed(1)} × arrival (bar ${BARS.drain} ×)`,
    rate >= BARS.drain * BACKLOG_RATE,
  );
  await sending;
  await drain(product);
}

async function killRedis(product: OwnProduct): Promise<void> {
  const wanted = Number(options.events);
  const before = await countedEvents(product, 0);
  for (let sent = before, seed = 10; sent < wanted; seed += 1)
    sent += (await load(loadOf(product, 20, 0, seed))).accepted;
  await drain(product, 600_000);
  const [url = ''] = product.redisUrls();
  const pid = redisPidOf(product, url);
  const at = Date.now();
  process.kill(pid, 'SIGKILL');
  await until(() => answersPing(url), { timeoutMs: WAIT_MS, everyMs: 20, what: 'Redis to answer again' });
  const answeredMs = Date.now() - at;
  await until(() => isTaken(product), { timeoutMs: WAIT_MS, everyMs: 20, what: 'an event to be taken' });
  const takenMs = Date.now() - at;
  judge(
    `Redis killed with ${await countedEvents(product, 0)} events: it answers after ${inSeconds(answeredMs)}, events are taken after ${inSeconds(takenMs)} (bar ${inSeconds(BARS.redisMs)})`,
    takenMs <= BARS.redisMs,
  );
}

async function killPostgres(product: OwnProduct): Promise<void> {
  const url = embeddedAdministratorUrl(product.dataDir) ?? '';
  const sending = load(loadOf(product, 25, STEADY_RATE, 5));
  await sleep(5_000);
  const archivedBefore = await archivedRows(url);
  const [postmaster = 0] = product.pidsOf('/postgres -D');
  const at = Date.now();
  process.kill(postmaster, 'SIGKILL');
  await until(() => archivedRows(url), { timeoutMs: WAIT_MS, everyMs: 20, what: 'Postgres to answer again' });
  const answeredMs = Date.now() - at;
  await until(async () => (await archivedRows(url)) > archivedBefore + STEADY_RATE * 5, {
    timeoutMs: WAIT_MS,
    everyMs: 100,
    what: 'history to grow again',
  });
  judge(
    `Postgres killed under load: it answers after ${inSeconds(answeredMs)} (bar ${inSeconds(BARS.postgresMs)}); history has caught up after ${inSeconds(Date.now() - at)}`,
    answeredMs <= BARS.postgresMs,
  );
  await sending;
  await drain(product);
}

const PARTS: Record<string, (product: OwnProduct) => Promise<void>> = {
  workers: killWorkers,
  scale: scaleUpAndDown,
  modules: restartModule,
  backlog: drainBacklog,
  postgres: killPostgres,
  redis: killRedis,
};

for (const [name, measure] of Object.entries(PARTS)) {
  if (options.only && options.only !== name) continue;
  const product = await startOwnProduct();
  try {
    await measure(product);
  } catch (error) {
    assert(`${name}: ${error instanceof Error ? error.message : error}`, false);
    process.stdout.write(`${product.output().split('\n').slice(-10).join('\n')}\n`);
  } finally {
    await product.stop();
  }
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
