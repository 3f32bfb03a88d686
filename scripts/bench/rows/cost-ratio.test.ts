import { describe, expect, it } from 'vitest';
import { costRatio, median } from './cost-ratio';

describe('the ratio of two costs', () => {
  it('is the middle of the rounds, so that one disturbed round does not count', () => {
    const rounds = [
      { base: 100, tested: 110 },
      { base: 200, tested: 210 },
      { base: 100, tested: 300 },
    ];
    expect(costRatio(rounds)).toEqual({
      baseMicros: 100,
      testedMicros: 210,
      ratios: [1.1, 1.05, 3],
      ratio: 1.1,
    });
  });

  it('knows the middle of any number of values', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBe(0);
  });
});
