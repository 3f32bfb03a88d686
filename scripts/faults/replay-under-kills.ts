/**
 * The shop file replayed with its own times: once, twice, from two producers, shuffled within each customer's
 * lateness, and with workers, collector and Redis killed at random. Every run must end with the totals of the
 * independent computation, and all with one digest.
 *
 * Usage: tsx scripts/faults/replay-under-kills.ts [--seed N] [--kills N] [--only <run>] [--digest HEX]
 * With EVENT_LOG=kafka or REDIS_CLUSTER=1 in the environment on a broker, or a cluster, of its own, which is killed too.
 * Ends with one line `N passed, N failed`; before it, the digest that the runs had.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { seededRandom } from '../bench/event-maker';
import { readShop, totalsOf } from '../oracle/ibm-shop';
import { type OwnProduct, startOwnProduct } from '../own-product';
import { readIbmShopCalls, type SegmentCall } from '../replay/ibm-shop';
import { startOwnLog } from './own-log';

const BATCH = 50;
const DRAIN_LIMIT_MS = 120_000;
const VICTIMS = ['workers/stream.ts', 'workers/collector.ts'];

const SAMPLE = new URL('../../prisma/seed/samples/ibm-shop-clickstream.csv', import.meta.url);

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    kills: { type: 'string', default: '10' },
    only: { type: 'string' },
    digest: { type: 'string' },
  },
});
const random = seededRandom(Number(options.seed));
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function sendAll(product: OwnProduct, calls: SegmentCall[], pauseMs = 0): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${product.keys.writeKey}:`).toString('base64')}`;
  for (let at = 0; at < calls.length; at += BATCH) {
    const body = JSON.stringify({ batch: calls.slice(at, at + BATCH) });
    for (;;) {
      const response = await fetch(`${product.collectorUrl}/v1/batch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body,
        signal: AbortSignal.timeout(10_000),
      }).catch(() => undefined);
      if (response?.status === 200) break;
      if (response && response.status < 429)
        throw new Error(`refused: ${response.status} ${await response.text()}`);
      await sleep(200);
    }
    if (pauseMs > 0) await sleep(pauseMs);
  }
}

/** Every call swapped within a window of event time that is shorter than the lateness: 10 minutes hold the file. */
function shuffled(calls: SegmentCall[]): SegmentCall[] {
  const copy = [...calls];
  for (let i = copy.length - 1; i > 0; i -= 1) {
    const j = Math.floor(random() * (i + 1));
    [copy[i], copy[j]] = [copy[j] as SegmentCall, copy[i] as SegmentCall];
  }
  return copy;
}

async function killAtRandom(product: OwnProduct, kills: number, until: Promise<unknown>): Promise<number> {
  let done = false;
  void until.finally(() => {
    done = true;
  });
  let killed = 0;
  while (killed < kills && !done) {
    await sleep(700 + random() * 1_200);
    const victims = [...VICTIMS, ...log.victims, ...(log.restart ? ['log'] : [])];
    const victim = victims[Math.floor(random() * victims.length)] as string;
    if (victim === 'log') {
      await log.restart?.();
      killed += 1;
      continue;
    }
    const pids = product.pidsOf(victim);
    const pid = pids[Math.floor(random() * pids.length)];
    if (pid === undefined) continue;
    try {
      process.kill(pid, 'SIGKILL');
      killed += 1;
    } catch {
      // It was gone already: the supervisor is bringing up its successor.
    }
  }
  return killed;
}

const RUNS: Record<string, (product: OwnProduct, calls: SegmentCall[]) => Promise<string>> = {
  once: async (product, calls) => {
    await sendAll(product, calls);
    return 'sent once';
  },
  twice: async (product, calls) => {
    await sendAll(product, calls);
    await sendAll(product, calls);
    return 'sent twice, one after the other';
  },
  'two producers': async (product, calls) => {
    await Promise.all([sendAll(product, calls), sendAll(product, calls)]);
    return 'sent by two producers at once';
  },
  shuffled: async (product, calls) => {
    await sendAll(product, shuffled(calls));
    return 'shuffled';
  },
  killed: async (product, calls) => {
    const sending = sendAll(product, calls, 80);
    const kills = await killAtRandom(product, Number(options.kills), sending);
    await sending;
    return `${kills} processes killed while it was sent`;
  },
};

async function get<T>(product: OwnProduct, path: string): Promise<T> {
  for (const deadline = Date.now() + DRAIN_LIMIT_MS; ; ) {
    const response = await fetch(`${product.consoleUrl}/api/v1/${path}`, {
      headers: { authorization: `Bearer ${product.keys.apiKey}` },
    }).catch(() => undefined);
    if (response?.ok) return (await response.json()) as T;
    if (Date.now() > deadline) throw new Error(`GET ${path}: ${response?.status} ${await response?.text()}`);
    await sleep(500);
  }
}

/** Rejects when the product ends before it is stopped: nobody would answer any more. */
async function endedEarly(product: OwnProduct): Promise<never> {
  const code = await product.exited;
  throw new Error(`the product ended by itself with ${code}`);
}

type Totals = Record<string, number | string | boolean>;

async function finalTotals(product: OwnProduct): Promise<Totals> {
  for (const deadline = Date.now() + DRAIN_LIMIT_MS; Date.now() < deadline; await sleep(500)) {
    const totals = await get<Totals>(product, 'totals');
    if (totals.provisional === false) return totals;
  }
  return get<Totals>(product, 'totals');
}

let passed = 0;
let failed = 0;
const calls = readIbmShopCalls();
const { duplicates: _, ...expected } = totalsOf(readShop(readFileSync(SAMPLE, 'utf8')));
let digest = options.digest;
const log = await startOwnLog(process.env);

for (const [name, send] of Object.entries(RUNS)) {
  if (options.only && options.only !== name) continue;
  const product = await startOwnProduct({ IDLE_MS: '3000', ...(await log.settings()) });
  const problems: string[] = [];
  try {
    const early = endedEarly(product);
    early.catch(() => undefined);
    const how = await Promise.race([send(product, calls), early]);
    const totals = await finalTotals(product);
    for (const [key, value] of Object.entries(expected)) {
      if (String(totals[key]) !== String(value)) problems.push(`${key}: ${totals[key]}, expected ${value}`);
    }
    if (totals.provisional !== false) problems.push('still provisional');
    const answer = await get<{ digest: string }>(product, 'digest');
    digest ??= answer.digest;
    if (answer.digest !== digest) problems.push(`digest ${answer.digest}, expected ${digest}`);
    process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  ${name}: ${how}\n`);
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    process.stdout.write(`FAILED  ${name}\n${product.output().split('\n').slice(-20).join('\n')}\n`);
  } finally {
    await product.stop();
  }
  for (const problem of problems) process.stdout.write(`        ${problem}\n`);
  if (problems.length === 0) passed += 1;
  else failed += 1;
}

await log.stop();
process.stdout.write(`digest ${digest}\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
