import { expect, it } from 'vitest';
import { coveredCustomers, MOST_PER_SECOND, sharedPace, sweepPace } from './sweep-pace';

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

it('costs no more for many workspaces than for one: together they keep to the bound', () => {
  const periodMs = 600_000;
  expect(sharedPace([], periodMs)).toBe(1);
  expect(sharedPace([2_400, 2_400], periodMs)).toBe(1);
  const many = Array.from({ length: 200 }, (_, index) => (index % 2 === 0 ? 500 : 50_000));
  const share = sharedPace(many, periodMs);
  const paces = many.map((customers) => sweepPace(customers, periodMs, share));
  expect(paces.reduce((sum, { perSecond }) => sum + perSecond, 0)).toBeCloseTo(MOST_PER_SECOND, 6);
  for (const pace of paces) expect(pace).toMatchObject({ bounded: true });
  for (const [index, { sweepMs, perSecond }] of paces.entries())
    expect(sweepMs).toBeCloseTo(((many[index] ?? 0) * 1_000) / perSecond, 3);
});
