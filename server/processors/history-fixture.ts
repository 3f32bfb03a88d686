import fc from 'fast-check';
import { factsOf, type OracleEvent } from '@/scripts/oracle/customer-oracle';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import type { CustomerEvent } from '@/server/event-log/records';
import type { Fact } from '@/server/streaming/fact';
import { pumpOf, SETTINGS, START } from './pump-fixtures';

/** Histories of customers as fast-check makes them up, and what the processors and the oracle make of them. */
export const SEED = 20260301;
const RUNS = 300;

const NAMES = [
  'Product Added',
  'Product Added',
  'Product Removed',
  'Cart Viewed',
  'Checkout Started',
  'Payment Failed',
  'Order Completed',
  'Order Refunded',
  'Product Viewed',
  'Home',
];

/** Gaps that meet the limits exactly, miss them by a little, and a few of anything. */
const gap = fc.oneof(
  fc.constantFrom(0, 0, 1, MINUTE_MS, 5 * MINUTE_MS, 10 * MINUTE_MS, 15 * MINUTE_MS),
  fc.constantFrom(30 * MINUTE_MS, 30 * MINUTE_MS + 1, 30 * MINUTE_MS - 1, 31 * MINUTE_MS),
  fc.integer({ min: 0, max: 40 * MINUTE_MS }),
);

const happening = fc.record({
  gap,
  name: fc.constantFrom(...NAMES),
  item: fc.constantFrom('p1', 'p2', 'p3'),
  price: fc.constantFrom('1', '2.5', '9.99', '0.1', '12.345'),
  quantity: fc.constantFrom(1, 1, 2, 4, 5),
  currency: fc.constantFrom(undefined, undefined, undefined, 'USD'),
  platform: fc.constantFrom('web', 'ios'),
  id: fc.integer({ min: 0, max: 99 }),
  jitter: fc.integer({ min: 0, max: SETTINGS.latenessMs }),
  key: fc.integer({ min: 0, max: 2 }),
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
export interface Timed extends Happening {
  t: number;
  messageId: string;
}

/** Times before 1970 are negative: nothing may take them for none at all, nor those that go on past it. */
const era = fc.constantFrom(START, START, START, Date.parse('1965-03-01T10:00:00Z'), 7 - HOUR_MS);

const timed = ([start, happenings]: [number, Happening[]]): Timed[] => {
  let t = start;
  return happenings.map((one, index): Timed => {
    t += one.gap;
    // Ids of both kinds meet: plain integers and text.
    const messageId = one.id % 3 === 0 ? `m${one.id}-${index}` : String(one.id * 100 + index);
    return { ...one, t, messageId };
  });
};
const historyFrom = (start: fc.Arbitrary<number>) =>
  fc.tuple(start, fc.array(happening, { minLength: 1, maxLength: 40 })).map(timed);
export const history = historyFrom(era);
/** Without what lies so far back that live figures leave it out. */
export const liveHistory = historyFrom(fc.constant(START));
/** Long enough for events to be settled, by their number and by their age. */
export const longHistory = fc
  .tuple(era, fc.array(happening, { minLength: 100, maxLength: 180, size: 'max' }))
  .map(timed);

export function customerEvent(one: Timed, customer: string): CustomerEvent {
  const p: JsonObject = { product_id: one.item, price: one.price, quantity: one.quantity, total: one.price };
  if (one.currency !== undefined) p.currency = one.currency;
  const y = one.name === 'Home' ? 'page' : 'track';
  return {
    k: 'e',
    id: one.messageId,
    c: customer,
    t: one.t,
    r: one.t,
    s: 's',
    y,
    n: one.name,
    pl: one.platform as 'web',
    p,
  };
}

function oracleEvent(one: Timed): OracleEvent {
  const { t, messageId: id, name, item, price, quantity, currency } = one;
  return { t, id, name, item, price, quantity, currency, total: price };
}

/** What the oracle makes of a customer's events, as `shown` shows it. */
export const factsByOracle = (events: readonly Timed[]) => shown(factsOf(events.map(oracleEvent), SETTINGS));

/** Arrival within the lateness: no event comes after one more than the lateness newer. */
export const shuffled = (events: readonly Timed[]) =>
  [...events].sort((a, b) => a.t + a.jitter - (b.t + b.jitter));

/** Facts without owner and platform, as the oracle writes them; amounts cut where they do not end. */
export function shown(facts: readonly (Fact | ReturnType<typeof factsOf>[number])[]): string[] {
  return facts
    .map(({ kind, at, amount, currency }) => `${at - START} ${kind} ${cut(amount)} ${currency ?? ''}`)
    .sort();
}

function cut(amount: string | undefined): string {
  if (amount === undefined) return '';
  const [whole, part = ''] = amount.split('.');
  return part.length > 15 ? `${whole}.${part.slice(0, 15)}` : amount;
}

export const END = START + 30 * 24 * HOUR_MS;
/** For all of them, always the same ones. */
export const check = (property: fc.IProperty<never> | fc.IRawProperty<unknown>) =>
  fc.assert(property as fc.IRawProperty<unknown>, { seed: SEED, numRuns: RUNS });

export function runAll(
  events: readonly Timed[],
  more: { batch?: number; cold?: boolean; ticks?: number[] } = {},
) {
  const pump = pumpOf();
  pump.batch = more.batch ?? 1;
  pump.cold = more.cold ?? false;
  events.forEach((one, index) => {
    pump.append(customerEvent(one, 'u'));
    if (more.batch === undefined) pump.drain();
    // A tick shows what would be closed by then; the events after it may take it back.
    if (more.ticks?.includes(index)) pump.tick(one.t + 45 * MINUTE_MS);
  });
  return pump.drain().tick(END);
}
