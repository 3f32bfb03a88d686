import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log/records';
import { addToContext, CONTEXT_EVENTS, contextEntries } from './context-text';
import { type CustomerState, emptyState } from './customer-state';
import { event, pumpOf, SETTINGS } from './pump-fixtures';
import type { RuleSet } from './rule-set';
import { chunkNumbers, chunksFor, joinChunks, mayNeedChunks, sealChunks } from './sealed-context';
import { stateText } from './state-text';

const SECOND = 1 / 60;

/** Events of one customer, some of which arrive later than their time, and some at one instant. */
const arrivals = fc
  .array(
    fc.record({
      gap: fc.constantFrom(0, 0, SECOND / 50, SECOND, 3),
      name: fc.constantFrom('Home', 'Product Viewed', 'Payment Failed', 'Product Added'),
      delay: fc.oneof(
        { weight: 10, arbitrary: fc.constant(0) },
        {
          weight: 3,
          arbitrary: fc.constantFrom(SECOND / 20, SECOND * 2, 1, SETTINGS.latenessMs / MINUTE_MS),
        },
      ),
    }),
    { minLength: 5, maxLength: 150 },
  )
  .map((happenings) => {
    let minute = 0;
    return happenings
      .map(({ gap, name, delay }) => {
        minute += gap;
        return { arrival: minute + delay, event: event(name, minute, { product_id: 'p1' }) };
      })
      .sort((a, b) => a.arrival - b.arrival)
      .map((one) => one.event);
  });

/** Tells what it was shown of the last events whenever a payment failed. */
function watching(): { ruleSet: RuleSet; seen: string[] } {
  const seen: string[] = [];
  const ruleSet: RuleSet = {
    wants: (name) => name === 'Payment Failed',
    asksForEvents: (name) => name === 'Payment Failed',
    evaluate({ card, now }) {
      seen.push(`${now}: ${card.recent.map(({ name, at }) => `${name}@${at}`).join(' ')}`);
      return [];
    },
  };
  return { ruleSet, seen };
}

function pumped(events: readonly CustomerEvent[], cold: boolean, batch: number) {
  const { ruleSet, seen } = watching();
  const pump = pumpOf({ ruleSet });
  pump.cold = cold;
  pump.batch = batch;
  for (const one of events) pump.append(one);
  while (pump.run(0));
  return { pump, seen };
}

/** A state with so many events in order, one a millisecond from 1, sealed after each as a commit would. */
function stateAfter(count: number, ring: Map<number, string>): CustomerState {
  const state = emptyState();
  for (let t = 1; t <= count; t += 1) {
    state.cx = addToContext(state.cx, [t, `m${t}`, 8, 3]);
    for (const { number, text } of sealChunks(state)) ring.set(number, text);
  }
  return state;
}

describe('the last events of which older ones are sealed', () => {
  it('are those that a whole state has, and what rules see of them too, whatever the arrival and wherever batches are cut', () => {
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 40 }), (events, batch) => {
        const whole = pumped(events, false, events.length);
        const sealed = pumped(events, true, batch);
        expect(sealed.pump.state('u')?.cx).toBe(whole.pump.state('u')?.cx);
        expect(sealed.pump.digest()).toBe(whole.pump.digest());
        expect(sealed.seen).toEqual(whole.seen);
      }),
      { numRuns: 300 },
    );
  });

  it('are the last twenty, however many there were, from a ring of few chunks', () => {
    for (let count = 1; count <= 80; count += 1) {
      const ring = new Map<number, string>();
      const state = stateAfter(count, ring);
      expect(contextEntries(state.cx).length).toBeLessThan(12);
      expect(ring.size).toBeLessThanOrEqual(2);
      const chunks = chunkNumbers(state).map((number) => ring.get(number) ?? '');
      joinChunks(state, chunks);
      const newest = Array.from({ length: Math.min(count, CONTEXT_EVENTS) }, (_, back) => count - back);
      expect(contextEntries(state.cx).map(([t]) => t)).toEqual(newest.reverse());
      expect(state.xs).toBeUndefined();
    }
  });

  it('says by the text alone what the state says', () => {
    const state = stateAfter(30, new Map());
    state.tr = { xs: ['"xs":"zzzzzzzz|1"', 1] };
    const unsealed: CustomerState = { ...stateAfter(5, new Map()), tr: state.tr };
    for (const reach of [Number.NEGATIVE_INFINITY, 1, 20, 24, 25, 26, 1e15]) {
      const needs = chunksFor(state, reach).length > 0;
      expect(mayNeedChunks(stateText(state), reach)).toBe(needs);
      expect(mayNeedChunks(stateText(unsealed), reach)).toBe(false);
    }
  });
});
