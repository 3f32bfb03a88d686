import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChaosLog, faultSchedule, nameOf, type Scheduled } from './fault-schedule';

const MINUTE_MS = 60_000;
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const logs = fc.constantFrom<ChaosLog>('redis', 'kafka');

describe('faultSchedule', () => {
  it('is a function of the seed, and a longer one begins like the shorter', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const short = faultSchedule(seed, MINUTE_MS);
        expect(faultSchedule(seed, MINUTE_MS)).toEqual(short);
        expect(faultSchedule(seed, 3 * MINUTE_MS).slice(0, short.length)).toEqual(short);
      }),
    );
    expect(faultSchedule(1, MINUTE_MS)).not.toEqual(faultSchedule(2, MINUTE_MS));
  });

  it('kills no process so often that its supervisor must give it up', () => {
    fc.assert(
      fc.property(seeds, logs, (seed, log) => {
        const kills = new Map<string, number>();
        for (const { at, fault } of faultSchedule(seed, 10 * MINUTE_MS, log)) {
          if (fault.kind !== 'kill') continue;
          expect(at - (kills.get(fault.victim) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(11_000);
          kills.set(fault.victim, at);
        }
      }),
    );
  });

  it('has every kind of fault on every victim within half an hour', () => {
    const names = (some: Scheduled[]) => new Set(some.map(({ fault }) => nameOf(fault)));
    expect(names(faultSchedule(1, 30 * MINUTE_MS)).size).toBe(7 + 3 + 3 * 2);
    expect(names(faultSchedule(1, 30 * MINUTE_MS, 'kafka')).size).toBe(8 + 4 + 3 * 3);
  });

  it('spares a broker where there is none', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const named = faultSchedule(seed, 10 * MINUTE_MS).map(({ fault }) => nameOf(fault));
        expect(named.filter((name) => name.includes('broker'))).toEqual([]);
      }),
    );
  });

  it('gives a broker time to come back', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const struck = faultSchedule(seed, 10 * MINUTE_MS, 'kafka').filter(
          ({ fault }) => 'victim' in fault && fault.victim === 'broker',
        );
        struck.forEach(({ at }, index) => {
          const before = struck[index - 1]?.at ?? Number.NEGATIVE_INFINITY;
          expect(at - before).toBeGreaterThanOrEqual(25_000);
        });
      }),
    );
  });
});
