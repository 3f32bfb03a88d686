import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fact } from '@/server/streaming/fact';
import { FactSums } from './fact-difference';

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

/** What must still be published so that the sums of `published` become those of `wanted`. */
function factDifference(wanted: readonly Fact[], published: readonly Fact[]): Fact[] {
  const sums = new FactSums();
  for (const one of wanted) sums.add(one, one.sign);
  for (const one of published) sums.add(one, -one.sign);
  return sums.facts();
}

describe('the difference of facts', () => {
  it('is empty where the sums agree, whatever the order and however often taken back', () => {
    const published = [fact(), fact({ sign: -1 }), fact(), fact({ customer: 'd' })];
    expect(factDifference([fact({ customer: 'd' }), fact()], published)).toEqual([]);
  });

  it('compares amounts as numbers: the database pads them', () => {
    expect(factDifference([fact()], [fact({ amount: '12.50000000000000000000' })])).toEqual([]);
    expect(factDifference([fact()], [fact({ amount: '12.51' })])).toHaveLength(2);
  });

  it('keeps apart what only looks alike when written side by side', () => {
    const currencies = [undefined, '', '-', 'USD', 'USD web', ' '];
    const all = currencies.flatMap((currency) => [fact({ currency }), fact({ currency, customer: '- c' })]);
    for (const one of all) expect(factDifference([one], [one])).toEqual([]);
    expect(factDifference(all, [])).toHaveLength(all.length);
    const sums = new FactSums();
    for (const one of all) for (const other of all) if (one !== other) sums.add(one, 1);
    expect(sums.facts()).toHaveLength(all.length * (all.length - 1));
    expect(new Set(sums.facts().map((one) => JSON.stringify(one))).size).toBe(all.length);
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
