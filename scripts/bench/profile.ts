import { type OwnProduct, startOwnProduct } from '../own-product';
import { cartsStepFigures } from './carts-step';
import { type LimitFigures, measureLimit } from './limit';
import { compareLogs } from './log';
import { load } from './processes';
import { collectorFigures, drain, memoryOfState, pipelineFigures } from './product-figures';
import { measureScreen } from './screen';

/**
 * Customers of the warm-up. What as much traffic takes when it is theirs alone – code, buffers, the young generation – is
 * no live customer's memory.
 */
const FEW = 1_000;

export const PROFILES = {
  quick: { limitSeconds: 8, collectorSeconds: 8, pipelineSeconds: 20, steadySeconds: 10, screenSeconds: 15 },
  full: {
    limitSeconds: 30,
    collectorSeconds: 30,
    pipelineSeconds: 600,
    steadySeconds: 60,
    screenSeconds: 60,
  },
} as const;

export type ProfileName = keyof typeof PROFILES;

const ratio = (part: number, whole: number) => Math.round((part / whole) * 1_000) / 1_000;

/** What Millrace does with one product, as ratios to the machine's own limit. */
export async function profileFigures(
  name: ProfileName,
  measuredLimit: () => Promise<LimitFigures>,
  say: (text: string) => void,
): Promise<Record<string, unknown>> {
  const profile = PROFILES[name];
  say('the pure step of carts …');
  const cartsStep = cartsStepFigures();
  const before = await measuredLimit();
  say(`L = ${before.L} events/s; the logs beside each other …`);
  const logs = await compareLogs(profile.limitSeconds);
  const { collector, saturated, steady, ...own } = await productFigures(profile, before.L, say);
  say('the limit of this machine, once more …');
  const after = await measureLimit(profile.limitSeconds);
  // A machine that is shared is faster or slower by the minute: what was measured lies between the two.
  const L = Math.round((before.L + after.L) / 2);
  return {
    limitAfter: after,
    L,
    cartsStep: { ...cartsStep, bar: 1_000_000 },
    logs,
    collector: { ...collector, ofL: ratio(collector.perSecond, L), bar: 0.75 },
    pipelineSaturated: { ...saturated, ofL: ratio(saturated.eventsPerSecond, L), bar: 0.35 },
    pipelineAtBar: {
      ...steady,
      ofL: ratio(steady.eventsPerSecond, L),
      lost: steady.accepted - steady.counted,
    },
    ...own,
  };
}

/** The phases of one product of our own, one after the other. */
async function productFigures(
  profile: (typeof PROFILES)[ProfileName],
  L: number,
  say: (text: string) => void,
) {
  say('starting a product of our own …');
  const product = await startOwnProduct();
  try {
    say('warming up, with few customers …');
    const writeTo = { url: product.collectorUrl, writeKey: product.keys.writeKey };
    await load({
      ...writeTo,
      connections: 16,
      rate: 0,
      seconds: profile.collectorSeconds,
      customers: FEW,
      seed: 5,
    });
    await drain(product);
    const withFew = await memoryOfState(product);
    const few = await liveCustomers(product);
    say('collector alone …');
    const collector = await collectorFigures(product, profile.collectorSeconds);
    say(`collector ${collector.perSecond}/s; draining …`);
    const backlogDrainSeconds = await drain(product);
    say('whole pipeline, as much as it takes …');
    const saturated = await pipelineFigures(product, 0, Math.min(profile.pipelineSeconds, 30));
    say(`saturated ${saturated.eventsPerSecond}/s; whole pipeline at 0.35 L …`);
    const steady = await pipelineFigures(product, Math.round(L * 0.35), profile.pipelineSeconds);
    say(`at 0.35 L: behind by ${steady.worstLagSeconds} s at most`);
    const full = await memoryOfState(product);
    say('acknowledgement at 1,000 and 10,000 events/s …');
    const paced = { ...writeTo, connections: 4, seconds: profile.steadySeconds };
    const at1000 = await load({ ...paced, rate: 1_000, seed: 21 });
    const at10000 = await load({ ...paced, rate: 10_000, seed: 22 });
    await drain(product);
    say('from event to screen …');
    const screen1000 = await measureScreen(product, 1_000, profile.screenSeconds);
    const screen10000 = await measureScreen(product, 10_000, profile.screenSeconds);

    const customers = (await liveCustomers(product)) - few;
    const redisBytes = full.redisBytes - withFew.redisBytes;
    const workerBytes = full.workerBytes - withFew.workerBytes;
    return {
      collector,
      saturated,
      steady,
      backlogDrainSeconds,
      acknowledgementMs: { at1000: at1000.ackMs, at10000: at10000.ackMs, barP99At1000: 50 },
      screenMs: {
        at1000: screen1000,
        at10000: screen10000,
        bars: { rowP50: 100, rowP99: 250, aggregatesP99: 500 },
      },
      memory: {
        customers,
        redisBytes,
        workerBytes,
        bytesPerCustomer: Math.round((redisBytes + workerBytes) / Math.max(1, customers)),
        bar: 4_096,
      },
    };
  } finally {
    await product.stop();
  }
}

async function liveCustomers(own: OwnProduct): Promise<number> {
  const response = await fetch(`${own.consoleUrl}/api/v1/totals`, {
    headers: { authorization: `Bearer ${own.keys.apiKey}` },
  });
  return ((await response.json()) as { customers: number }).customers;
}
