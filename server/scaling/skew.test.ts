import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { skewIndex } from './skew';

describe('the skew index', () => {
  it('is 1 for equal loads, n for one of n, and not known without load', () => {
    expect(skewIndex([5, 5, 5, 5])).toBe(1);
    expect(skewIndex([0, 0, 9, 0])).toBe(4);
    expect(skewIndex([0, 0])).toBeNull();
    expect(skewIndex([])).toBeNull();
  });

  it('lies between 1 and n and does not change with the unit', () => {
    const loads = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(loads, (values) => {
        const index = skewIndex(values);
        if (index === null) return values.every((value) => value === 0);
        const scaled = skewIndex(values.map((value) => value * 8));
        return index >= 1 - 1e-9 && index <= values.length + 1e-9 && Math.abs((scaled ?? 0) - index) < 1e-9;
      }),
    );
  });
});
