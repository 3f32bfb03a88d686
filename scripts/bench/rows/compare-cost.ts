import type { LoadOptions } from '../load-options';
import { BenchProduct } from './bench-product';
import { costRatio, type Round } from './cost-ratio';
import type { RowContext, RowFigures } from './row';

const ROUNDS = 3;
const CONNECTIONS = 16;

/** One side of a comparison: a product of its own and what is sent to it. */
export interface Side {
  name: string;
  settings?: Record<string, string>;
  workspaces?: number;
  customers?: number;
  /** Brings the product to where it is to be measured. */
  prepare?(product: BenchProduct): Promise<void>;
}

interface Measured {
  microsPerEvent: number;
  eventsPerSecond: number;
  byProcess: Record<string, number>;
}

/**
 * Processor time of an event on both sides, at saturation: everything of the product, from the first request until both
 * groups have done the last event. Both products run all the while and are loaded in turn, so that other work on the
 * machine falls on both.
 */
export async function compareCost(
  context: RowContext,
  { base, tested, bar }: { base: Side; tested: Side; bar: number },
): Promise<RowFigures> {
  const started: BenchProduct[] = [];
  try {
    for (const side of [base, tested]) started.push(await ready(context, side));
    const [baseProduct, testedProduct] = started as [BenchProduct, BenchProduct];
    const rounds: Round[] = [];
    let last: Record<string, Measured> = {};
    for (let round = 0; round < ROUNDS; round += 1) {
      // Customers and mix are the same on both sides; ids are not.
      const seed = 1_000 + round;
      const [first, second] = [
        await measure(context, base, baseProduct, seed),
        await measure(context, tested, testedProduct, seed),
      ];
      rounds.push({ base: first.microsPerEvent, tested: second.microsPerEvent });
      last = { [base.name]: first, [tested.name]: second };
    }
    const found = costRatio(rounds);
    return {
      base: base.name,
      tested: tested.name,
      ...found,
      last,
      bar: { ratio: bar },
      holds: found.ratio <= bar,
    };
  } finally {
    for (const product of started) await product.stop();
  }
}

async function ready({ say, seconds }: RowContext, side: Side): Promise<BenchProduct> {
  say(`starting a product with ${side.name} …`);
  const product = await BenchProduct.start(side.settings, side.workspaces);
  try {
    await side.prepare?.(product);
    say(`warming up ${side.name} …`);
    await product.load({ ...loadOf(side, 7), seconds: Math.max(5, seconds / 2) });
    await product.drain();
    return product;
  } catch (error) {
    await product.stop();
    throw error;
  }
}

async function measure(
  { say, seconds }: RowContext,
  side: Side,
  product: BenchProduct,
  seed: number,
): Promise<Measured> {
  const before = product.cpu();
  const { accepted, seconds: sendSeconds } = await product.load({ ...loadOf(side, seed), seconds });
  const drainSeconds = await product.drain();
  const after = product.cpu();
  const perEvent = (micros: number) => Number((micros / accepted).toFixed(1));
  const measured = {
    microsPerEvent: perEvent(after.all - before.all),
    eventsPerSecond: Math.round(accepted / (sendSeconds + drainSeconds)),
    byProcess: Object.fromEntries(
      Object.entries(after.byProcess).map(([name, micros]) => [
        name,
        perEvent(micros - (before.byProcess[name] ?? 0)),
      ]),
    ),
  };
  say(`${side.name}: ${measured.microsPerEvent} µs an event, ${measured.eventsPerSecond}/s`);
  return measured;
}

function loadOf(
  { customers }: Side,
  seed: number,
): Pick<LoadOptions, 'connections' | 'rate' | 'customers' | 'seed'> {
  return { connections: CONNECTIONS, rate: 0, customers, seed };
}
