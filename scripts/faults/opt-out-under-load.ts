/**
 * Opt-outs by REST and in the console, in turns, while a thousand events a second come in: how fast each is acknowledged,
 * and that no event of an opted-out customer, or of a linked key, that comes afterwards changes a profile, fires a rule
 * or puts anybody in the queue. Customers who stay show that the same events do all that to them. Then, with Redis out of
 * reach: no event is taken and no opt-out acknowledged, both say so; and a wish that was not acknowledged holds once it is.
 *
 * Usage: tsx scripts/faults/opt-out-under-load.ts [--rate 1000] [--customers 200] [--bar-ms 100; 0: times are only told]
 * With EVENT_LOG=kafka in the environment on a broker of its own.
 * Ends with one line `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { percentiles } from '../bench/percentiles';
import { load, sleep } from '../bench/processes';
import { type OwnProduct, startOwnProduct } from '../own-product';
import {
  askToOptOut,
  auditedOptOuts,
  type OptOut,
  optOutByRest,
  optOutInConsole,
  signIn,
} from './opt-out-doors';
import { startOwnLog } from './own-log';

const { values: options } = parseArgs({
  options: {
    rate: { type: 'string', default: '1000' },
    customers: { type: 'string', default: '200' },
    'bar-ms': { type: 'string', default: '100' },
  },
});
const BAR_MS = Number(options['bar-ms']);
/** What only later events speak of. */
const FORBIDDEN = 'forbidden-kettle';
const SETTLE_LIMIT_MS = 30_000;

async function send(product: OwnProduct, batch: Record<string, unknown>[]): Promise<void> {
  const response = await fetch(`${product.collectorUrl}/v1/batch`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${product.keys.writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch }),
  });
  if (!response.ok) throw new Error(`events refused: ${response.status}`);
}

const track = (ids: Record<string, string>, event: string, product: string) => ({
  type: 'track',
  ...ids,
  event,
  properties: { product_id: product, price: 10 },
  timestamp: new Date().toISOString(),
  messageId: crypto.randomUUID(),
});

/** A person known by two keys, with a cart. */
const arrival = (customer: string) => [
  track({ anonymousId: deviceOf(customer) }, 'Product Viewed', 'kettle'),
  { type: 'identify', userId: customer, anonymousId: deviceOf(customer), messageId: crypto.randomUUID() },
  track({ userId: customer }, 'Product Added', 'kettle'),
];

/** Events that change a cart and, by the second failed payment, fire a rule of the demo that queues the customer. */
const temptation = (customer: string) => [
  track({ anonymousId: deviceOf(customer) }, 'Product Added', FORBIDDEN),
  track({ userId: customer }, 'Product Added', FORBIDDEN),
  track({ userId: customer }, 'Payment Failed', FORBIDDEN),
  track({ userId: customer }, 'Payment Failed', FORBIDDEN),
];

const deviceOf = (customer: string) => `anon-${customer}`;

/** What the stream keeps of these keys under a name, wherever they live. */
async function kept(redis: Redis, name: string, keys: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const place of await redis.keys(`{*}:${name}`)) {
    const values = await redis.hmget(place, ...keys);
    found.push(...values.filter((value) => value !== null));
  }
  return found;
}

interface Used {
  profiles: number;
  rules: number;
  queue: number;
}

async function usesOf(redis: Redis, customers: readonly string[]): Promise<Used> {
  const keys = customers.flatMap((customer) => [customer, deviceOf(customer)]);
  const states = await kept(redis, 'state', keys);
  return {
    profiles: states.filter((state) => state.includes(FORBIDDEN)).length,
    rules: (await kept(redis, 'cooldown', keys)).length,
    queue: (await kept(redis, 'queue', keys)).length,
  };
}

/** Waits until every staying customer was queued: then what went before it has been processed too. */
async function untilSeen(redis: Redis, stayers: readonly string[]): Promise<Used> {
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  let seen = await usesOf(redis, stayers);
  while (Date.now() < deadline && Math.min(seen.profiles, seen.rules, seen.queue) < stayers.length) {
    await sleep(500);
    seen = await usesOf(redis, stayers);
  }
  return seen;
}

const problems: string[] = [];

async function inTurns(product: OwnProduct, leavers: readonly string[], stayers: readonly string[]) {
  const doors: [string, OptOut][] = [
    ['by REST', optOutByRest(product)],
    ['in the console', optOutInConsole(product, await signIn(product, 'privacy'))],
  ];
  const times = new Map<string, number[]>(doors.map(([name]) => [name, []]));
  for (const [i, customer] of leavers.entries()) {
    const [name, optOut] = doors[i % doors.length] ?? ['', () => Promise.reject(new Error('no door'))];
    const started = performance.now();
    await optOut(customer);
    times.get(name)?.push(performance.now() - started);
    await send(product, temptation(customer));
    const stayer = stayers[i];
    if (stayer !== undefined) await send(product, temptation(stayer));
    await sleep(20);
  }
  for (const [name, taken] of times) {
    const figures = percentiles(taken);
    process.stdout.write(`      acknowledged ${name}, ms: ${JSON.stringify(figures)}\n`);
    if (BAR_MS > 0 && figures.p99 > BAR_MS)
      problems.push(`p99 ${name} of ${figures.p99} ms is above ${BAR_MS} ms`);
  }
}

/** Longest wait for a clear refusal while Redis is away, ms: two deadlines of its own and the way there and back. */
const REFUSAL_LIMIT_MS = 8_000;

async function withRedisAway(product: OwnProduct, redis: Redis): Promise<string[]> {
  const found: string[] = [];
  const customer = 'leaver-in-the-dark';
  await send(product, arrival(customer));
  await sleep(2_000);
  const servers = product.pidsOf('redis-server');
  for (const pid of servers) process.kill(pid, 'SIGSTOP');
  const started = performance.now();
  const refused = await askToOptOut(product, customer);
  const refusedAfter = performance.now() - started;
  const taken = await send(product, temptation('somebody-in-the-dark')).then(
    () => true,
    () => false,
  );
  for (const pid of servers) process.kill(pid, 'SIGCONT');
  if (refused.status !== 503 || refused.retryAfter === null)
    found.push(`an opt-out without Redis was answered ${refused.status}, Retry-After ${refused.retryAfter}`);
  if (refusedAfter > REFUSAL_LIMIT_MS) found.push(`the refusal took ${Math.round(refusedAfter)} ms`);
  if (taken) found.push('events were taken without Redis');
  await untilTaken(() => askToOptOut(product, customer));
  await send(product, temptation(customer));
  await send(product, temptation('stayer-after'));
  const seen = await untilSeen(redis, ['stayer-after']);
  if (Math.min(seen.profiles, seen.rules, seen.queue) < 1)
    found.push('nothing is processed after the return');
  await sleep(2_000);
  const used = await usesOf(redis, [customer]);
  if (used.rules + used.queue > 0) found.push('a rule fired for who had opted out');
  if (used.profiles > 0) found.push('an event after the acknowledgement changed the profile');
  process.stdout.write(`      without Redis: ${refused.status} after ${Math.round(refusedAfter)} ms\n`);
  return found;
}

async function untilTaken(ask: () => Promise<{ status: number }>): Promise<void> {
  const deadline = Date.now() + SETTLE_LIMIT_MS;
  for (;;) {
    const { status } = await ask();
    if (status === 200) return;
    if (Date.now() > deadline) throw new Error(`opt-outs are not taken after the return: ${status}`);
    await sleep(500);
  }
}

function report(name: string, found: readonly string[]): void {
  process.stdout.write(`${found.length === 0 ? 'ok' : 'FAILED'}  ${name}\n`);
  for (const problem of found) process.stdout.write(`      ${problem}\n`);
  if (found.length === 0) passed += 1;
  else failed += 1;
}

let passed = 0;
let failed = 0;
const log = await startOwnLog(process.env);
const product = await startOwnProduct(await log.settings());
const redis = new Redis(product.redisUrls()[0] ?? '');
try {
  const leavers = Array.from({ length: Number(options.customers) }, (_, i) => `leaver-${i}`);
  const stayers = leavers.slice(0, 10).map((_, i) => `stayer-${i}`);
  for (const customer of [...leavers, ...stayers]) await send(product, arrival(customer));
  await sleep(3_000);
  const background = load({
    url: product.collectorUrl,
    writeKey: product.keys.writeKey,
    seconds: 10 + leavers.length / 8,
    connections: 4,
    rate: Number(options.rate),
    seed: 77,
  });
  await sleep(3_000);
  await inTurns(product, leavers, stayers);
  await background;
  // One more after the load: all that came before it in its partition is done when it is.
  await send(product, temptation('stayer-last'));
  const seen = await untilSeen(redis, [...stayers, 'stayer-last']);
  await sleep(2_000);
  const used = await usesOf(redis, leavers);
  process.stdout.write(
    `      of those who stayed: ${JSON.stringify(seen)}, who left: ${JSON.stringify(used)}\n`,
  );
  if (Math.min(seen.profiles, seen.rules, seen.queue) < stayers.length)
    problems.push('the events did not do to those who stayed what they should');
  if (used.profiles + used.rules + used.queue > 0)
    problems.push('events after the acknowledgement were used of those who left');
  const audited = await auditedOptOuts(product, leavers.length);
  if (audited < leavers.length) problems.push(`${audited} of ${leavers.length} opt-outs are in the audit`);
  report(`opt-outs at ${options.rate} events/s`, problems);
  report('opt-outs with Redis out of reach', await withRedisAway(product, redis));
} catch (error) {
  report('opt-outs', [error instanceof Error ? error.message : String(error)]);
} finally {
  redis.disconnect();
  await product.stop();
  await log.stop();
}
process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
