import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log/records';
import { event, pumpOf, SETTINGS } from './pump-fixtures';

const NAMES = [
  'Product Added',
  'Product Added',
  'Product Added',
  'Product Removed',
  'Order Completed',
  'Home',
];
const SECOND = 1 / 60;

/** A customer so busy that the buffer of the cart is sealed again and again, up to its bound of 2,000 entries. */
const busy = fc
  .array(
    fc.record({
      gap: fc.oneof(
        { weight: 600, arbitrary: fc.constantFrom(0, SECOND / 8, SECOND / 4) },
        { weight: 1, arbitrary: fc.constantFrom(5, 10, 31) },
      ),
      name: fc.constantFrom(...NAMES),
      item: fc.constantFrom('p1', 'p2', 'p3'),
      /** how much later than its time it arrives, minutes: mostly hardly, at times up to the lateness */
      delay: fc.oneof(
        { weight: 100, arbitrary: fc.constantFrom(0, 0, SECOND) },
        { weight: 1, arbitrary: fc.constantFrom(0.5, 2, SETTINGS.latenessMs / MINUTE_MS) },
      ),
    }),
    { minLength: 400, maxLength: 3_200, size: 'max' },
  )
  .map((happenings) => {
    let minute = 0;
    return happenings.map(({ gap, name, item, delay }) => {
      minute += gap;
      const p = { product_id: item, price: '2.5', quantity: 1, total: '3' };
      return { arrival: minute + delay, event: event(name, minute, p) };
    });
  });

function pumped(events: readonly CustomerEvent[], cold: boolean, batch: number) {
  const pump = pumpOf();
  pump.cold = cold;
  pump.batch = batch;
  for (const one of events) pump.append(one);
  let mostParts = 0;
  while (pump.run(0)) mostParts = Math.max(mostParts, pump.partCount);
  return { pump, mostParts };
}

describe('a cart buffer of which parts are sealed', () => {
  it('comes to the same as one that is whole, whatever the arrival and wherever batches are cut', () => {
    fc.assert(
      fc.property(busy, fc.integer({ min: 1, max: 300 }), (arrivals, batch) => {
        const inOrder = arrivals.map((one) => one.event);
        const shuffled = [...arrivals].sort((a, b) => a.arrival - b.arrival).map((one) => one.event);
        const whole = pumped(inOrder, false, 500).pump;
        const sealed = pumped(inOrder, true, batch);
        const late = pumped(shuffled, true, batch);
        expect(sealed.mostParts).toBeGreaterThan(10);
        for (const { pump } of [sealed, late]) {
          expect(pump.digest()).toBe(whole.digest());
          expect(pump.facts()).toEqual(whole.facts());
        }
      }),
      { seed: 20260301, numRuns: 25, endOnFailure: true },
    );
  });

  it('is settled from its head once it holds 2,000 entries', () => {
    const events = Array.from({ length: 2_700 }, (_, index) =>
      event(index % 9 === 8 ? 'Order Completed' : 'Product Added', (index * SECOND) / 5),
    );
    const whole = pumped(events, false, 500).pump;
    const { pump } = pumped(events, true, 70);
    expect(pump.state('u')).toMatchObject({ cs: expect.any(Number) });
    expect(pump.digest()).toBe(whole.digest());
  });

  it('leaves little of a long buffer in the state', () => {
    const events = Array.from({ length: 1_500 }, (_, index) => event('Product Added', index * SECOND));
    const { pump } = pumped(events, true, 50);
    const state = JSON.stringify(pump.sets[0]?.states.get('u'));
    expect(state.length).toBeLessThan(4_000);
    expect(JSON.stringify(pump.state('u')).length).toBeGreaterThan(15_000);
  });
});
