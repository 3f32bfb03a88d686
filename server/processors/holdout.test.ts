import { describe, expect, it } from 'vitest';
import { isHeldOut } from './holdout';

const CUSTOMERS = Array.from({ length: 100_000 }, (_, index) => `customer-${index}`);
const heldOutOf = (percent: number, salt: string) =>
  CUSTOMERS.filter((customer) => isHeldOut({ percent, salt }, customer));

describe('the holdout', () => {
  // Five standard deviations of so many independent draws.
  it.each([1, 10, 50])('is %i in a hundred of 100,000 customers, within chance', (percent) => {
    const expected = CUSTOMERS.length * (percent / 100);
    const chance = 5 * Math.sqrt(expected * (1 - percent / 100));
    expect(Math.abs(heldOutOf(percent, 'holdout_1').length - expected)).toBeLessThan(chance);
  });

  it('of one launch says nothing about that of another', () => {
    const other = new Set(heldOutOf(20, 'holdout_2'));
    const both = heldOutOf(20, 'holdout_1').filter((customer) => other.has(customer)).length;
    const expected = CUSTOMERS.length * 0.2 * 0.2;
    expect(Math.abs(both - expected)).toBeLessThan(5 * Math.sqrt(expected));
  });

  it('of none is nobody, and whoever is held out of a smaller share is held out of a greater', () => {
    expect(heldOutOf(0, 'holdout_1')).toEqual([]);
    const greater = new Set(heldOutOf(30, 'holdout_1'));
    expect(heldOutOf(10, 'holdout_1').every((customer) => greater.has(customer))).toBe(true);
  });

  it('stays what it was: decisions on record were made by it', () => {
    const held = CUSTOMERS.slice(0, 40).flatMap((customer, index) =>
      isHeldOut({ percent: 25, salt: 'holdout_1' }, customer) ? index : [],
    );
    expect(held).toEqual([0, 4, 5, 7, 9, 12, 13, 17, 18, 22, 31, 36]);
  });
});
