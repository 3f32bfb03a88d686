import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { type SampledGroup, whatIf } from './what-if';

const byCustomer = (customer: string, events: number): SampledGroup => ({
  customer,
  value: customer,
  events,
});
const someGroups = fc.array(
  fc.record({ customer: fc.string({ minLength: 1, maxLength: 6 }), events: fc.integer({ min: 1, max: 50 }) }),
  { minLength: 1, maxLength: 60 },
);

describe('what another partitioning would do', () => {
  it('changes nothing when nothing is changed, and spreads as production does', () => {
    fc.assert(
      fc.property(someGroups, fc.integer({ min: 1, max: 128 }), (some, partitions) => {
        const groups = some.map(({ customer, events }) => byCustomer(customer, events));
        const found = whatIf(groups, partitions, { partitions, key: 'customer' });
        expect(found.tried).toEqual(found.now);
        expect(found.movedCustomers).toBe(0);
        expect(found.splitCustomers).toBe(0);
        for (const { customer } of groups) {
          expect(found.now.shares[partitionOf(customer, partitions)]).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('loses no event, and cannot get below the heaviest key', () => {
    fc.assert(
      fc.property(someGroups, fc.integer({ min: 1, max: 512 }), (some, partitions) => {
        const groups = some.map(({ customer, events }) => byCustomer(customer, events));
        const { tried, heaviestShare } = whatIf(groups, 64, { partitions, key: 'customer' });
        expect(tried.shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 2);
        expect(Math.max(...tried.shares)).toBeGreaterThanOrEqual(heaviestShare - 1e-3);
      }),
    );
  });

  it('says whose order would be lost under another key', () => {
    const groups = [
      { customer: 'anna', value: 'm1', events: 1 },
      { customer: 'anna', value: 'm2', events: 1 },
      { customer: 'anna', value: 'm3', events: 1 },
      { customer: 'bert', value: 'm4', events: 1 },
    ];
    const found = whatIf(groups, 64, { partitions: 64, key: 'message id' });
    expect(found.customers).toBe(2);
    expect(found.splitCustomers).toBe(0.5);
  });
});
