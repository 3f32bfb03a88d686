/**
 * Opt-outs by REST while a thousand events a second come in: how fast each is acknowledged, and that nothing of an
 * opted-out customer, or of a linked key, changes the profile afterwards.
 *
 * Usage: tsx scripts/faults/opt-out-under-load.ts [--rate 1000] [--customers 200]
 * Ends with one line `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { percentiles } from '../bench/percentiles';
import { load, sleep } from '../bench/processes';
import { type OwnProduct, startOwnProduct } from '../own-product';

const P99_BAR_MS = 100;

const { values: options } = parseArgs({
  options: { rate: { type: 'string', default: '1000' }, customers: { type: 'string', default: '200' } },
});

interface Card {
  events?: { at: string; name: string }[];
  [key: string]: unknown;
}

const headers = (product: OwnProduct) => ({
  authorization: `Bearer ${product.keys.apiKey}`,
  'content-type': 'application/json',
});

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

const track = (ids: Record<string, string>, event: string) => ({
  type: 'track',
  ...ids,
  event,
  properties: { product_id: 'kettle', price: 10 },
  timestamp: new Date().toISOString(),
  messageId: crypto.randomUUID(),
});

async function card(product: OwnProduct, customer: string): Promise<Card | undefined> {
  const response = await fetch(`${product.consoleUrl}/api/v1/customers/${customer}`, {
    headers: headers(product),
  });
  return response.ok ? ((await response.json()) as Card) : undefined;
}

/** Milliseconds from the request to its acknowledgement. */
async function optOut(product: OwnProduct, customer: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${product.consoleUrl}/api/v1/opt-outs`, {
    method: 'POST',
    headers: headers(product),
    body: JSON.stringify({ customer }),
  });
  const answer = (await response.json()) as { acknowledgedAt?: string };
  if (!response.ok || !answer.acknowledgedAt) throw new Error(`opt-out not acknowledged: ${response.status}`);
  return performance.now() - started;
}

/** Whether the words of a later event stand anywhere in the customer's card. */
function mentions(found: Card | undefined, word: string): boolean {
  return JSON.stringify(found ?? {}).includes(word);
}

const problems: string[] = [];
const product = await startOwnProduct();
try {
  const customers = Array.from({ length: Number(options.customers) }, (_, i) => `leaver-${i}`);
  for (const customer of customers) {
    await send(product, [
      track({ anonymousId: `anon-${customer}` }, 'Product Viewed'),
      { type: 'identify', userId: customer, anonymousId: `anon-${customer}`, messageId: crypto.randomUUID() },
      track({ userId: customer }, 'Product Added'),
    ]);
  }
  await sleep(3_000);
  const background = load({
    url: product.collectorUrl,
    writeKey: product.keys.writeKey,
    seconds: 15 + customers.length / 10,
    connections: 4,
    rate: Number(options.rate),
    seed: 77,
  });
  await sleep(3_000);
  const times: number[] = [];
  for (const customer of customers) {
    times.push(await optOut(product, customer));
    await send(product, [
      track({ userId: customer }, 'Forbidden By User'),
      track({ anonymousId: `anon-${customer}` }, 'Forbidden By Device'),
    ]);
    await sleep(20);
  }
  await background;
  await sleep(3_000);
  let used = 0;
  for (const customer of customers) {
    for (const key of [customer, `anon-${customer}`]) {
      if (mentions(await card(product, key), 'Forbidden By')) used += 1;
    }
  }
  const figures = percentiles(times);
  process.stdout.write(`      acknowledged in ms: ${JSON.stringify(figures)}\n`);
  if (used > 0) problems.push(`${used} cards show an event that came after the acknowledgement`);
  if (figures.p99 > P99_BAR_MS) problems.push(`p99 of ${figures.p99} ms is above ${P99_BAR_MS} ms`);
} catch (error) {
  problems.push(error instanceof Error ? error.message : String(error));
} finally {
  await product.stop();
}
process.stdout.write(`${problems.length === 0 ? 'ok' : 'FAILED'}  opt-outs at ${options.rate} events/s\n`);
for (const problem of problems) process.stdout.write(`      ${problem}\n`);
process.stdout.write(problems.length === 0 ? '1 passed, 0 failed\n' : '0 passed, 1 failed\n');
process.exitCode = problems.length === 0 ? 0 : 1;
