import { expect, it } from 'vitest';
import { coveredCustomers, MOST_PER_SECOND, sweepPace } from './sweep-pace';

it('finds a corruption within the period as long as the customers are covered', () => {
  const periodMs = 600_000;
  const covered = coveredCustomers(periodMs);
  expect(covered).toBe(14_400);
  for (const customers of [0, 1, 240, 5_000, covered]) {
    const pace = sweepPace(customers, periodMs);
    expect(pace.detectionMs).toBeLessThanOrEqual(periodMs);
    expect(pace.bounded).toBe(false);
  }
});

it('takes longer with more, at a bounded pace, and says so', () => {
  const pace = sweepPace(100_000, 600_000);
  expect(pace).toMatchObject({ perSecond: MOST_PER_SECOND, bounded: true });
  expect(pace.detectionMs).toBeGreaterThan(600_000);
  expect(pace.sweepMs).toBeCloseTo(100_000_000 / MOST_PER_SECOND, 5);
});
