import { describe, expect, it } from 'vitest';
import { compareStates, type HeldStates } from './compare-states';

/** States of a partition as texts, each `{}` but for what is said. */
const held = (states: Record<string, object>, redirects: Record<string, string> = {}): HeldStates => ({
  states: Object.fromEntries(Object.entries(states).map(([key, state]) => [key, JSON.stringify(state)])),
  parts: {},
  redirects,
});

const NAMES = Array.from({ length: 9 }, (_, index) => `customer-${index}`);

describe('states of two builds', () => {
  it('are equal when what is kept of them is, whatever else they hold', () => {
    const compared = compareStates(
      held({ one: { e: 3, pc: 1 } }),
      held({ one: { pc: 2, e: 3 } }),
      new Set(['one']),
    );
    expect(compared).toMatchObject({ customers: 1, recomputed: 1, equal: 1, different: 0 });
  });

  it('differ by the parts that do, in how many customers, and a few of them masked', () => {
    const rebuilt = held(Object.fromEntries(NAMES.map((name) => [name, { e: 4, f: 1 }])));
    const running = held(Object.fromEntries(NAMES.map((name, at) => [name, { e: 3, f: at === 0 ? 2 : 1 }])));
    const compared = compareStates(rebuilt, running, new Set());
    expect(compared).toMatchObject({ equal: 0, different: 9, recomputed: 0 });
    expect(compared.parts).toEqual({ 'events counted': 9, 'first seen': 1 });
    expect(compared.examples).toHaveLength(5);
    expect(compared.examples[0]).toEqual({ customer: 'cu••••-0', parts: ['events counted', 'first seen'] });
  });

  it('differ wholly where only one build has the customer, or where one cannot be read', () => {
    const rebuilt = { ...held({ here: { e: 1 }, broken: { e: 1 } }) };
    const running = { ...held({ broken: {} }), states: { broken: '{"e":' } };
    const { different, parts } = compareStates(rebuilt, running, new Set());
    expect(different).toBe(2);
    expect(parts['whole state']).toBe(1);
  });

  it('differ when a key was moved elsewhere', () => {
    const moved = (to: string) => held({ anon: { m: to } }, { anon: to });
    expect(compareStates(moved('a'), moved('b'), new Set()).parts).toEqual({ 'moved to': 1 });
  });
});
