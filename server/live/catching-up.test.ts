import { expect, it } from 'vitest';
import { CatchingUp } from './catching-up';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const MINUTE_MS = 60_000;

it('is behind while what comes is old, and no longer once an event of now came', () => {
  const behind = new CatchingUp();
  expect(behind.committed(3, NOW - 70 * MINUTE_MS, NOW)).toBe(true);
  expect(behind.committed(3, NOW - 50 * MINUTE_MS, NOW + 300)).toBe(false);
  expect([behind.has(3), behind.has(4), behind.size]).toEqual([true, false, 1]);
  expect(behind.committed(3, NOW + 500, NOW + 600)).toBe(true);
  expect(behind.has(3)).toBe(false);
});

it('ceases to be behind when nothing old has come for five seconds', () => {
  const behind = new CatchingUp();
  behind.committed(3, NOW - MINUTE_MS, NOW);
  expect(behind.settle(NOW + 4_999)).toEqual([]);
  expect(behind.settle(NOW + 5_000)).toEqual([3]);
  expect(behind.settle(NOW + 6_000)).toEqual([]);
});

it('takes neither a timer that is seen to nor a late event for a sign of being behind', () => {
  const behind = new CatchingUp();
  behind.committed(3, NOW, NOW);
  for (const newestAt of [NOW, NOW - 40 * MINUTE_MS])
    expect(behind.committed(3, newestAt, NOW + 20 * MINUTE_MS)).toBe(false);
  expect(behind.size).toBe(0);
});

it('knows a partition that was only read by when its newest record came', () => {
  const behind = new CatchingUp();
  const newestAt = NOW - 20 * MINUTE_MS;
  expect(behind.read(3, { recordAt: NOW - 1_000, newestAt }, NOW)).toBe(true);
  expect(behind.read(3, { recordAt: NOW - 6_000, newestAt }, NOW)).toBe(true);
  expect(behind.read(4, { recordAt: null, newestAt: null }, NOW)).toBe(false);
  expect(behind.size).toBe(0);
});
