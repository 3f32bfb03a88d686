import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIn } from '../../faults/opt-out-doors';
import type { DashboardFigures, DashboardOptions } from '../dashboard-options';
import { type BenchProcess, run, sleep } from '../processes';
import { BenchProduct } from './bench-product';
import type { Row, RowContext } from './row';

const BAR = { pushP99Ms: 150, updatesPerSecondEachAtMost: 10 };
const RATE = 5_000;
const CLIENTS = 1_000;
const SETTLE_SECONDS = 3;
/** So much of what is offered must be taken for the figures to be those of this rate. */
const RATE_KEPT = 0.98;

/** A thousand screens of Operations while 5,000 events a second come in. */
export const dashboards: Row = async (context) => {
  context.say('starting a product …');
  const bench = await BenchProduct.start();
  try {
    context.say('warming up …');
    await bench.load({ connections: 8, rate: RATE, seconds: Math.max(5, context.seconds / 2), seed: 71 });
    await bench.drain();
    const screens = await openScreens(context, bench);
    context.say('all are in; events come …');
    const sent = await bench.load({
      connections: 8,
      rate: RATE,
      seconds: SETTLE_SECONDS + context.seconds,
      seed: 72,
    });
    await screens.ended;
    const found: DashboardFigures = JSON.parse(screens.lines.at(-1) ?? '{}');
    const rateIsKept = sent.perSecond >= RATE_KEPT * RATE;
    return {
      eventsPerSecond: sent.perSecond,
      rateIsKept,
      ...found,
      bar: BAR,
      holds:
        rateIsKept &&
        found.closed === 0 &&
        found.pushMs.count > 0 &&
        found.pushMs.p99 <= BAR.pushP99Ms &&
        found.updatesPerSecondEach <= BAR.updatesPerSecondEachAtMost,
    };
  } finally {
    await bench.stop();
  }
};

/** Resolves once all screens are in their room. */
async function openScreens({ seconds, say }: RowContext, { product }: BenchProduct): Promise<BenchProcess> {
  const seeded = JSON.parse(readFileSync(join(product.dataDir, 'seeded.json'), 'utf8'));
  const options: DashboardOptions = {
    url: product.consoleUrl,
    cookie: await signIn(product, 'ops'),
    room: `ws:${seeded.workspaceId}:operations`,
    clients: CLIENTS,
    settleSeconds: SETTLE_SECONDS,
    seconds,
  };
  say(`opening ${CLIENTS} screens …`);
  const screens = run('./dashboard-clients.ts', JSON.stringify(options));
  // Whichever comes first: a process that ends has said why.
  await Promise.race([screens.ended, joined(screens)]);
  return screens;
}

async function joined({ child, lines }: BenchProcess): Promise<void> {
  while (!lines.includes('joined') && child.exitCode === null) await sleep(50);
}
