/**
 * Redis, then Postgres, out for a while under load. After recovery no acknowledged event may be missing and none
 * counted twice: `GET totals` must equal what the collector acknowledged.
 *
 * Usage: tsx scripts/faults/outages.ts [--seconds 30] [--rate 500]
 * Ends with one line `N passed, N failed`.
 */
import { parseArgs } from 'node:util';
import { load, sleep } from '../bench/processes';
import { countedEvents, drain } from '../bench/product-figures';
import { type OwnProduct, startOwnProduct } from '../own-product';

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '30' }, rate: { type: 'string', default: '500' } },
});
const outageMs = Number(options.seconds) * 1_000;

function signal(product: OwnProduct, process_: string, name: 'SIGSTOP' | 'SIGCONT'): void {
  for (const pid of product.pidsOf(process_)) process.kill(pid, name);
}

async function outage(product: OwnProduct, process_: string): Promise<string[]> {
  const sending = load({
    url: product.collectorUrl,
    writeKey: product.keys.writeKey,
    seconds: outageMs / 1_000 + 15,
    connections: 4,
    rate: Number(options.rate),
    seed: process_.length,
  });
  await sleep(5_000);
  signal(product, process_, 'SIGSTOP');
  await sleep(outageMs);
  signal(product, process_, 'SIGCONT');
  const sent = await sending;
  acknowledged += sent.accepted;
  const drainSeconds = await drain(product);
  const totals = await countedEvents(product, acknowledged);
  process.stdout.write(
    `      ${sent.accepted} acknowledged, ${sent.retried} asked to come again, drained in ${drainSeconds.toFixed(1)} s\n`,
  );
  return totals === acknowledged ? [] : [`${totals} events counted, ${acknowledged} acknowledged`];
}

let acknowledged = 0;
let failed = 0;
const product = await startOwnProduct();
try {
  for (const process_ of ['redis-server', 'postgres']) {
    const problems = await outage(product, process_).catch((error: Error) => [error.message]);
    process.stdout.write(
      `${problems.length === 0 ? 'ok' : 'FAILED'}  ${process_} out for ${options.seconds} s\n`,
    );
    for (const problem of problems) process.stdout.write(`      ${problem}\n`);
    failed += problems.length === 0 ? 0 : 1;
  }
} finally {
  await product.stop();
}
process.stdout.write(`${2 - failed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;
