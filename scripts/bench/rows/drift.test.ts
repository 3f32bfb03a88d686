import { describe, expect, it } from 'vitest';
import { drift } from './drift';

describe('drift', () => {
  it('is the way from the first third to the last', () => {
    expect(drift([100, 100, 100, 105, 107, 108, 110, 110, 110])).toBeCloseTo(0.1);
    expect(drift([100, 100, 100, 50, 50, 50])).toBeCloseTo(-0.5);
  });

  it('is not moved by one value that stands out', () => {
    expect(drift([10, 10, 90, 10, 10, 10, 10, 10, 55])).toBe(0);
  });

  it('is nothing where there is no course', () => {
    expect(drift([])).toBe(0);
    expect(drift([1, 2])).toBe(0);
  });
});
