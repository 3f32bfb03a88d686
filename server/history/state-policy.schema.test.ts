import { expect, it } from 'vitest';
import { explainInput } from './state-policy.schema';

it('explains the state of whomever the collector takes', () => {
  const customer = 'x'.repeat(512);
  expect(explainInput.parse({ customer: ` ${customer} ` })).toEqual({ customer });
  for (const wrong of [`${customer}x`, ' ', 'a\0']) {
    expect(explainInput.safeParse({ customer: wrong }).success).toBe(false);
  }
});
