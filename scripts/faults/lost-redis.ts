/**
 * The log Redis lost for good: its files removed and the process killed, as with a broken disk. The next start must rebuild
 * it from the newest snapshots and from history: with the digest and the totals of before, with every message still known
 * for a repeat, and able to go on.
 *
 * Usage: tsx scripts/faults/lost-redis.ts [--events 4000]
 * Ends with one line `N passed, N failed`.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freePort } from '@/server/platform/embedded/ports';
import { sleep } from '../bench/processes';
import { type OwnProduct, startOwnProduct } from '../own-product';
import { readIbmShopCalls, type SegmentCall } from '../replay/ibm-shop';

const { values: options } = parseArgs({ options: { events: { type: 'string', default: '4000' } } });
const BATCH = 50;
const LIMIT_MS = 180_000;
const SNAPSHOT_INTERVAL_MS = 5_000;

interface Standing {
  digest: string;
  totals: Record<string, unknown>;
}

async function send(product: OwnProduct, calls: readonly SegmentCall[]): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${product.keys.writeKey}:`).toString('base64')}`;
  for (let at = 0; at < calls.length; at += BATCH) {
    const response = await fetch(`${product.collectorUrl}/v1/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body: JSON.stringify({ batch: calls.slice(at, at + BATCH) }),
    });
    if (response.status !== 200) throw new Error(`refused: ${response.status} ${await response.text()}`);
  }
}

async function ask<T>(product: OwnProduct, path: string): Promise<T> {
  const headers = { authorization: `Bearer ${product.keys.apiKey}` };
  const response = await fetch(`${product.consoleUrl}/api/v1/${path}`, { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

/** Digest and totals once all of `events` are in and nothing can change any more. */
async function standing(product: OwnProduct, events: number): Promise<Standing> {
  const deadline = Date.now() + LIMIT_MS;
  for (;;) {
    const totals = await ask<Record<string, unknown>>(product, 'totals');
    if (totals.events === events && totals.provisional === false)
      return { digest: (await ask<{ digest: string }>(product, 'digest')).digest, totals };
    if (Date.now() > deadline)
      throw new Error(`no final totals: ${totals.events} of ${events}, provisional ${totals.provisional}`);
    await sleep(500);
  }
}

const problems: string[] = [];
let passed = 0;
function check(what: string, isRight: boolean, detail: unknown = ''): void {
  process.stdout.write(`${isRight ? 'ok' : 'FAILED'}  ${what}\n`);
  if (isRight) passed += 1;
  else {
    problems.push(what);
    process.stdout.write(`      ${JSON.stringify(detail)}\n`);
  }
}

const calls = readIbmShopCalls().slice(0, Number(options.events));
const half = Math.floor(calls.length / 2);
const settings = {
  SNAPSHOT_INTERVAL_MS: String(SNAPSHOT_INTERVAL_MS),
  IDLE_MS: '2000',
  PORT: String(await freePort()),
  COLLECTOR_PORT: String(await freePort()),
};
let product = await startOwnProduct(settings);
const { dataDir } = product;
try {
  await send(product, calls.slice(0, half));
  await sleep(2 * SNAPSHOT_INTERVAL_MS);
  await send(product, calls.slice(half));
  const before = await standing(product, calls.length);

  const stopped = product.exited;
  const folder = join(dataDir, 'redis-log');
  const pid = Number(readFileSync(join(folder, 'redis.pid'), 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  process.kill(pid, 'SIGKILL');
  if ((await Promise.race([stopped, sleep(60_000).then(() => 'runs')])) === 'runs')
    throw new Error('the supervisor ran on over a lost Redis');
  const output = product.output();
  check(
    'the supervisor stops rather than let the processors begin from nothing',
    /has lost its files/.test(output),
    output.slice(-500),
  );

  product = await startOwnProduct(settings, dataDir);
  const told = product.output();
  check(
    'the next start rebuilds the state and says so',
    /rebuilt \d+ partitions/.test(told),
    told.slice(-800),
  );
  process.stdout.write(`      ${/The log Redis was empty.*/.exec(told)?.[0] ?? ''}\n`);
  const after = await standing(product, calls.length);
  check('the digest is that of before', after.digest === before.digest, { before, after });
  check('the totals are those of before', JSON.stringify(after.totals) === JSON.stringify(before.totals), {
    before,
    after,
  });

  await send(product, calls.slice(0, half));
  const repeated = await standing(product, calls.length);
  check('what was taken before is known for a repeat', repeated.totals.duplicates === half, repeated.totals);
  check('repeats change nothing', repeated.digest === before.digest);

  const more = calls.slice(0, 100).map((call) => ({
    ...call,
    userId: `new:${call.userId}`,
    messageId: `new:${call.messageId}`,
  }));
  await send(product, more);
  const further = await standing(product, calls.length + more.length);
  check('new events are taken and processed', further.digest !== before.digest, further.totals);
} catch (error) {
  problems.push('the run');
  process.stdout.write(`FAILED  ${error instanceof Error ? error.message : String(error)}\n`);
} finally {
  await product.stop();
}
process.stdout.write(`${passed} passed, ${problems.length} failed\n`);
process.exitCode = problems.length === 0 ? 0 : 1;
