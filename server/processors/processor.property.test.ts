import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  check,
  customerEvent,
  END,
  factsByOracle,
  history,
  liveHistory,
  longHistory,
  runAll,
  SEED,
  shown,
  shuffled,
} from './history-fixture';
import type { PartitionPump } from './partition-pump';
import { pumpOf } from './pump-fixtures';

describe('one customer, whatever the arrival', () => {
  it('equals a derivation of the whole set at once', () => {
    check(
      fc.property(history, (events) => {
        const expected = factsByOracle(events);
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
        const expected = factsByOracle(events);
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
      fc.property(liveHistory, (events) => {
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
