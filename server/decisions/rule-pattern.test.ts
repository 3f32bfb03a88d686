import { describe, expect, it } from 'vitest';
import { patternOf } from './rule-pattern';

const rule = (condition: string, ...when: string[]) => patternOf({ when, if: condition });

describe('the pattern of a rule', () => {
  it('is read from a count of the event that triggers it', () => {
    const failed = { eventName: 'Payment Failed', times: 3, withinMs: 300_000 };
    expect(rule('card.count("Payment Failed", 5) >= 3', 'Payment Failed')).toEqual(failed);
    expect(rule("  card.count( 'Payment Failed' ,5)>2.0 ", 'Payment Failed')).toEqual(failed);
    expect(rule('card.count("a\\"b", 1) == 2', 'a"b')).toEqual({
      eventName: 'a"b',
      times: 2,
      withinMs: 60_000,
    });
  });

  it.each([
    ['card.count("Payment Failed", 5) >= 3 && card.cart.open', 'Payment Failed'],
    ['card.count("Payment Failed", 5) >= 3', 'Order Completed'],
    ['card.count("Payment Failed", 5) < 3', 'Payment Failed'],
    ['card.count("Payment Failed", 0) >= 3', 'Payment Failed'],
    ['card.count("\\x", 5) >= 3', 'x'],
    ['', 'Payment Failed'],
  ])('is not made of what says more, or something else: %s', (condition, when) => {
    expect(rule(condition, when)).toBeNull();
  });
});
