import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '@/server/streaming/fact';
import { factDifference } from './fact-difference';

const fact = (part: Partial<Fact> = {}): Fact => ({
  kind: 'cartAbandoned',
  customer: 'c',
  at: 1,
  sign: 1,
  amount: '12.50',
  currency: 'USD',
  platform: 'web',
  ...part,
});

describe('the difference of facts', () => {
  it('is empty where the sums agree, whatever the order and however often taken back', () => {
    const published = [fact(), fact({ sign: -1 }), fact(), fact({ customer: 'd' })];
    expect(factDifference([fact({ customer: 'd' }), fact()], published)).toEqual([]);
  });

  it('compares amounts as numbers: the database pads them', () => {
    expect(factDifference([fact()], [fact({ amount: '12.50000000000000000000' })])).toEqual([]);
    expect(factDifference([fact()], [fact({ amount: '12.51' })])).toHaveLength(2);
  });

  it('publishes what is missing and takes back what stands too often', () => {
    expect(factDifference([fact(), fact()], [])).toEqual([fact(), fact()]);
    expect(factDifference([], [fact()])).toEqual([fact({ sign: -1 })]);
  });

  it('always leads from what is published to what is wanted', () => {
    const facts = fc.array(
      fc.record({
        customer: fc.constantFrom('a', 'b'),
        at: fc.integer({ min: 0, max: 2 }),
        sign: fc.constantFrom<1 | -1>(1, -1),
      }),
      { maxLength: 12 },
    );
    const sums = (all: Fact[]) => {
      const found = new Map<string, number>();
      for (const { customer, at, sign } of all)
        found.set(`${customer} ${at}`, (found.get(`${customer} ${at}`) ?? 0) + sign);
      return Object.fromEntries([...found].filter(([, sum]) => sum !== 0).sort());
    };
    fc.assert(
      fc.property(facts, facts, (wanted, published) => {
        const [a, b] = [wanted.map(fact), published.map(fact)];
        expect(sums([...b, ...factDifference(a, b)])).toEqual(sums(a));
      }),
    );
  });
});
