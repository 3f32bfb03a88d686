import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factsOf, type OracleEvent } from '@/scripts/oracle/customer-oracle';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log/records';
import type { Fact } from '@/server/streaming/fact';
import { createProcessor, lexiconSentiment, NO_RULES } from './index';
import { PartitionPump } from './partition-pump';

const START = Date.parse('2026-03-01T10:00:00Z');
const SETTINGS = {
  visitGapMs: 30 * MINUTE_MS,
  cartGapMs: 30 * MINUTE_MS,
  latenessMs: 10 * MINUTE_MS,
  currency: 'EUR',
};
const SEED = 20260301;
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
interface Timed extends Happening {
  t: number;
  messageId: string;
}

const timed = (happenings: Happening[]): Timed[] => {
  let t = START;
  return happenings.map((one, index): Timed => {
    t += one.gap;
    // Ids of both kinds meet: plain integers and text.
    const messageId = one.id % 3 === 0 ? `m${one.id}-${index}` : String(one.id * 100 + index);
    return { ...one, t, messageId };
  });
};
const history = fc.array(happening, { minLength: 1, maxLength: 40 }).map(timed);
/** Long enough for events to be settled, by their number and by their age. */
const longHistory = fc.array(happening, { minLength: 100, maxLength: 180, size: 'max' }).map(timed);

function customerEvent(one: Timed, customer: string): CustomerEvent {
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

/** Arrival within the lateness: no event comes after one more than the lateness newer. */
const shuffled = (events: readonly Timed[]) => [...events].sort((a, b) => a.t + a.jitter - (b.t + b.jitter));

function pumpOf(partitions = 1): PartitionPump {
  return new PartitionPump(
    createProcessor({ settings: SETTINGS, ruleSet: NO_RULES, sentiment: lexiconSentiment, workspaceId: 'w' }),
    partitions,
  );
}

/** Facts without owner and platform, as the oracle writes them; amounts cut where they do not end. */
function shown(facts: readonly (Fact | ReturnType<typeof factsOf>[number])[]): string[] {
  return facts
    .map(({ kind, at, amount, currency }) => `${at - START} ${kind} ${cut(amount)} ${currency ?? ''}`)
    .sort();
}

function cut(amount: string | undefined): string {
  if (amount === undefined) return '';
  const [whole, part = ''] = amount.split('.');
  return part.length > 15 ? `${whole}.${part.slice(0, 15)}` : amount;
}

const END = START + 30 * 24 * HOUR_MS;
const check = (property: fc.IProperty<never> | fc.IRawProperty<unknown>) =>
  fc.assert(property as fc.IRawProperty<unknown>, { seed: SEED, numRuns: RUNS });

function runAll(events: readonly Timed[], more: { batch?: number; cold?: boolean; ticks?: number[] } = {}) {
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

describe('one customer, whatever the arrival', () => {
  it('equals a derivation of the whole set at once', () => {
    check(
      fc.property(history, (events) => {
        const expected = shown(factsOf(events.map(oracleEvent), SETTINGS));
        expect(shown(runAll(events).facts())).toEqual(expected);
      }),
    );
  });

  it('does not depend on arrival within the lateness, on batches, on cold reads or on ticks', () => {
    check(
      fc.property(
        history,
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        fc.array(fc.nat(40)),
        (events, batch, cold, ticks) => {
          const plain = runAll(events);
          const other = runAll(shuffled(events), { batch, cold });
          const ticked = runAll(shuffled(events), { cold, ticks });
          expect(shown(other.facts())).toEqual(shown(plain.facts()));
          expect(shown(ticked.facts())).toEqual(shown(plain.facts()));
          expect(other.digest()).toBe(plain.digest());
          expect(ticked.digest()).toBe(plain.digest());
          expect(other.outputs.some((output) => output.o === 'late')).toBe(false);
          expect(figures(other)).toEqual(figures(plain));
          expect(figures(ticked)).toEqual(figures(plain));
        },
      ),
    );
  });

  it('settles the same whatever the arrival', () => {
    fc.assert(
      fc.property(longHistory, fc.integer({ min: 1, max: 50 }), fc.boolean(), (events, batch, cold) => {
        const expected = shown(factsOf(events.map(oracleEvent), SETTINGS));
        const plain = runAll(events);
        expect(Array.isArray(plain.state('u')?.cc)).toBe(true);
        expect(shown(plain.facts())).toEqual(expected);
        const other = runAll(shuffled(events), { batch, cold });
        expect(shown(other.facts())).toEqual(expected);
        expect(other.digest()).toBe(plain.digest());
      }),
      { seed: SEED, numRuns: 60, endOnFailure: true },
    );
  });

  it('counts what its facts say, and leaves no gauge standing once all has ended', () => {
    check(
      fc.property(history, (events) => {
        const pump = runAll(shuffled(events), { cold: true });
        const { counters, gauges, money } = pump.sets[0]!.aggregates;
        const facts = pump.facts();
        const counted = (kind: string) => facts.filter((fact) => fact.kind === kind).length;
        expect(counters.visits ?? 0).toBe(counted('visit'));
        expect(counters.cartsAbandoned ?? 0).toBe(counted('cartAbandoned'));
        expect(counters.events).toBe(events.length);
        for (const gauge of ['liveVisits', 'openCarts', 'cartsAtRisk', 'queue'])
          expect(gauges[gauge] ?? 0).toBe(0);
        for (const sum of Object.values(money.revenueAtRisk ?? {})) expect(sum).toBe('0');
        expect(pump.sets[0]!.timers.get('u') ?? null).toBe(null);
      }),
    );
  });

  it('takes repeats suppressed at the door as nothing but a count', () => {
    check(
      fc.property(history, (events) => {
        const plain = runAll(events);
        const pump = pumpOf();
        for (const one of events) {
          const { id, c, t, r, s } = customerEvent(one, 'u');
          pump.append(customerEvent(one, 'u'));
          pump.appendTo(0, { k: 'd', id, c, t, r, s });
        }
        pump.drain().tick(END);
        expect(pump.digest()).toBe(plain.digest());
        expect(shown(pump.facts())).toEqual(shown(plain.facts()));
        expect(pump.sets[0]!.aggregates.counters.duplicates).toBe(events.length);
      }),
    );
  });
});

function figures(pump: PartitionPump) {
  const { counters, gauges, money, funnel } = pump.sets[0]!.aggregates;
  const clean = (values: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(values)
        .filter(([, n]) => n !== 0)
        .sort(),
    );
  const sums = Object.entries(money).flatMap(([sum, values]) =>
    Object.entries(values).flatMap(([currency, value]) =>
      value === '0' ? [] : [`${sum} ${currency} ${value}`],
    ),
  );
  sums.sort();
  const reached = Object.fromEntries(Object.entries(funnel).map(([step, { reached: n }]) => [step, n]));
  return { counters: clean(counters), gauges: clean(gauges), money: sums, reached: clean(reached) };
}

describe('one customer under several keys', () => {
  const KEYS = ['user', 'anon-1', 'anon-2'];

  it('has the same totals as under one key, in any interleaving of partitions', () => {
    check(
      fc.property(
        history,
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.nat(7)),
        fc.array(fc.nat(39), { minLength: 2, maxLength: 2 }),
        (events, partitions, choices, links) => {
          const pump = pumpOf(partitions);
          const keyed = events.map((one) => customerEvent(one, KEYS[one.key] ?? 'user'));
          KEYS.slice(1).forEach((anonymous, index) => {
            // Some event of the user names the anonymous key; when there is none, the last one is made to.
            const own = keyed.filter((event) => event.c === 'user' && event.l === undefined);
            const link = own[(links[index] ?? 0) % Math.max(1, own.length)];
            if (link !== undefined) link.l = anonymous;
          });
          const linked = new Set(keyed.flatMap((event) => event.l ?? []));
          // A key that nobody links stays a person apart: it is left out of this comparison.
          const together = keyed.filter((event) => event.c === 'user' || linked.has(event.c));
          const order = shuffled(events).flatMap((one) =>
            together.filter((event) => event.id === one.messageId),
          );
          for (const event of order) {
            pump.append(event);
            for (const choice of choices) {
              if (choice >= partitions) break;
              pump.run(choice);
            }
          }
          pump.drain().tick(END);
          const kept = events.filter((one) => together.some((event) => event.id === one.messageId));
          expect(shown(pump.facts())).toEqual(shown(factsOf(kept.map(oracleEvent), SETTINGS)));
          for (const fact of pump.facts().filter(({ kind }) => kind !== 'order' && kind !== 'refund')) {
            expect(fact.customer).toBe('user');
          }
          const live = pump.sets.reduce((sum, set) => sum + (set.aggregates.gauges.liveVisits ?? 0), 0);
          expect(live).toBe(0);
        },
      ),
    );
  });

  it('merges to the same whichever of two keys is the customer', () => {
    const [a, b] = ['k1', 'k2'];
    check(
      fc.property(history, fc.integer({ min: 1, max: 3 }), (events, partitions) => {
        const digests = [
          [a, b],
          [b, a],
        ].map(([user = '', anonymous = '']) => {
          const pump = pumpOf(partitions);
          for (const one of events) pump.append(customerEvent(one, one.key === 0 ? user : anonymous));
          const last = events.at(-1) as Timed;
          const link = customerEvent({ ...last, name: 'Home', messageId: '999999' }, user);
          pump.append({ ...link, l: anonymous });
          pump.drain().tick(END);
          const { w: _w, lk: _lk, pc: _pc, ...kept } = pump.state(user) as JsonObject;
          expect(partitionOf(user, partitions)).toBeLessThan(partitions);
          return JSON.stringify(kept);
        });
        expect(digests[0]).toBe(digests[1]);
      }),
    );
  });
});
