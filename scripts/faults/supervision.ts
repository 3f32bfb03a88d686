/**
 * `kill -9` of everything Millrace runs, one after the other, while events come in: each is started again or the
 * product stops with a word, nothing acknowledged is lost, no process and no port is left, and what was in it is there
 * on the next start.
 *
 * Usage: tsx scripts/faults/supervision.ts
 * Ends with one line `N passed, N failed`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, isPortFree } from '@/server/platform/embedded/ports';
import { startedAt } from '@/server/platform/embedded/process-table';
import { until } from '@/server/platform/until';
import { countedEvents } from '../bench/product-figures';
import { type OwnProduct, startOwnProduct } from '../own-product';
import { type Running, refusalOf, runningOf, SteadyTraffic } from './supervision-watch';

const CHILDREN = ['collector', 'stream', 'archive', 'metrics', 'jobs', 'web', 'demo'];
const DATABASES = ['Redis (log)', 'Redis (queue)', 'Postgres'];
const RECOVERY_LIMIT_MS = 45_000;
const END_LIMIT_MS = 40_000;
const START_LIMIT_MS = 120_000;
/** As many starts in a row that come to nothing as the supervisor takes before it gives up. */
const FAILED_STARTS = 5;

const dataDir = mkdtempSync(join(tmpdir(), 'millrace-supervision-'));
const ports = { PORT: String(await freePort()), COLLECTOR_PORT: String(await freePort()) };
// The demo runs, for its process to be killed, but sends nothing: what is counted is what was sent from here.
mkdirSync(join(dataDir, 'run'));
writeFileSync(join(dataDir, 'demo-rate'), '0');
writeFileSync(
  join(dataDir, 'run', 'demo-progress.json'),
  JSON.stringify({ invoicesFrom: null, sentUntil: Date.now() }),
);
const start = () => startOwnProduct({ ...ports, MILLRACE_DEMO: 'on' }, dataDir);

let passed = 0;
let failed = 0;
async function check(title: string, work: () => Promise<string>): Promise<void> {
  const since = Date.now();
  try {
    const seen = await work();
    passed += 1;
    process.stdout.write(`ok  ${title}: ${seen} (${((Date.now() - since) / 1_000).toFixed(1)} s)\n`);
  } catch (error) {
    failed += 1;
    process.stdout.write(`FAILED  ${title}: ${error instanceof Error ? error.message : error}\n`);
  }
}

function pidOf(name: string): number {
  const entry = runningOf(dataDir).find((running) => running.name === name);
  if (!entry) throw new Error(`${name} does not run`);
  return entry.pid;
}

async function isReady(product: OwnProduct): Promise<boolean> {
  const answers = await Promise.all(
    [product.consoleUrl, product.collectorUrl].map((url) => fetch(`${url}/readyz`).then(({ ok }) => ok)),
  );
  return answers.every(Boolean);
}

/** One process killed, and everything as it was before, but for its number. */
async function killOne(product: OwnProduct, name: string): Promise<string> {
  const before = pidOf(name);
  const printed = product.output().length;
  process.kill(before, 'SIGKILL');
  await until(() => product.output().slice(printed).includes(`${name} runs again.`), {
    timeoutMs: RECOVERY_LIMIT_MS,
    everyMs: 100,
    what: `${name} to run again`,
  });
  if (pidOf(name) === before) throw new Error(`${name} has the number it had`);
  await until(() => isReady(product), {
    timeoutMs: RECOVERY_LIMIT_MS,
    everyMs: 100,
    what: 'everything to be ready',
  });
  return 'started again';
}

/** Nothing of it runs and nobody listens: asked of the system, not of the product. */
async function assertAllGone(left: readonly Running[]): Promise<void> {
  await until(() => left.every(({ pid, began }) => startedAt(pid) !== began), {
    timeoutMs: END_LIMIT_MS,
    everyMs: 100,
    what: 'every process to end',
  }).catch(() => {
    const alive = left.filter(({ pid, began }) => startedAt(pid) === began).map(({ name }) => name);
    throw new Error(`still running: ${alive.join(', ')}`);
  });
  for (const port of Object.values(ports)) {
    if (!(await isPortFree(Number(port), '0.0.0.0'))) throw new Error(`port ${port} is still taken`);
  }
}

async function counted(product: OwnProduct, acknowledged: number): Promise<string> {
  const events = await countedEvents(product, acknowledged);
  if (events !== acknowledged) throw new Error(`${events} events counted, ${acknowledged} acknowledged`);
  return `${events} events acknowledged and counted`;
}

let acknowledged = 0;
async function killEach(product: OwnProduct): Promise<void> {
  const traffic = new SteadyTraffic(product);
  for (const name of [...CHILDREN, ...DATABASES]) await check(`${name} killed`, () => killOne(product, name));
  acknowledged = await traffic.stop();
  await check('nothing lost, nothing twice', () => counted(product, acknowledged));
}

/** A process that will not stay up: the product says so and ends. */
async function giveUp(product: OwnProduct): Promise<string> {
  const all = runningOf(dataDir);
  let isOver = false;
  void product.exited.then(() => {
    isOver = true;
  });
  // The first kill ends one that runs, each further one a start.
  const killed = new Set<number>();
  for (let kills = 0; kills <= FAILED_STARTS && !isOver; kills += 1) {
    const fresh = () => product.pidsOf('workers/jobs.ts').find((pid) => !killed.has(pid));
    const pid = await until(() => isOver || fresh(), {
      timeoutMs: RECOVERY_LIMIT_MS,
      what: 'jobs to be started again',
    });
    if (typeof pid !== 'number') break;
    killed.add(pid);
    process.kill(pid, 'SIGKILL');
  }
  const code = await product.exited;
  const word = product
    .output()
    .split('\n')
    .find((line) => line.includes('times in a row'));
  if (!code || !word) throw new Error(`it ended with ${code} and said: ${word}`);
  await assertAllGone(all);
  return word;
}

async function supervisorKilled(product: OwnProduct): Promise<string> {
  const all = runningOf(dataDir);
  process.kill(product.pidsOf('scripts/start/main.ts')[0] ?? 0, 'SIGKILL');
  const code = await product.exited;
  await assertAllGone(all);
  const word = product
    .output()
    .split('\n')
    .find((line) => line.includes('ended from outside'));
  if (!code || !word) throw new Error(`it ended with ${code} and said: ${word}`);
  return word;
}

/** The command and the supervisor at once, as when memory runs out: the next start clears up. */
async function bothKilled(product: OwnProduct): Promise<Running[]> {
  const all = runningOf(dataDir);
  const supervisor = product.pidsOf('scripts/start/main.ts')[0] ?? 0;
  process.kill(product.pid, 'SIGKILL');
  process.kill(supervisor, 'SIGKILL');
  await product.exited;
  return all;
}

async function ended(product: OwnProduct, signal: NodeJS.Signals): Promise<string> {
  const all = [
    ...runningOf(dataDir),
    ...product
      .pidsOf('scripts/start/main.ts')
      .map((pid) => ({ name: 'supervisor', pid, began: startedAt(pid) ?? '' })),
  ];
  process.kill(product.pid, signal);
  await product.exited;
  await assertAllGone(all);
  return 'no process and no port left';
}

let product = await start();
try {
  await killEach(product);
  await check('jobs will not stay up', () => giveUp(product));
  product = await start();
  await check('what was in it is there', () => counted(product, acknowledged));
  await check('supervisor killed', () => supervisorKilled(product));
  product = await start();
  const left = await bothKilled(product);
  product = await start();
  await check('command and supervisor killed', async () => {
    // What is left answers for a moment, so that the answer is no sign of the new one.
    for (const word of ['An earlier Millrace was killed', 'Millrace runs ('])
      await until(() => product.output().includes(word), {
        timeoutMs: START_LIMIT_MS,
        everyMs: 100,
        what: word,
      });
    await until(() => left.every(({ pid, began }) => startedAt(pid) !== began));
    return 'the next start stopped what was left, and runs';
  });
  await check('a second start beside it', () => refusalOf(dataDir, 'runs on'));
  await check('Ctrl-C', () => ended(product, 'SIGINT'));
  product = await start();
  await check('what was in it is still there', () => counted(product, acknowledged));
  await check('the command alone killed', () => ended(product, 'SIGKILL'));
} catch (error) {
  failed += 1;
  process.stdout.write(`FAILED  ${error instanceof Error ? error.message : error}\n`);
} finally {
  await product.stop();
  rmSync(dataDir, { recursive: true, force: true });
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
