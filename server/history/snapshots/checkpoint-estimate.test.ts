import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CheckpointMeasures, estimateAt, measuredSpan, tradeOff } from './checkpoint-estimate';

const MEASURES: CheckpointMeasures = {
  partitions: 64,
  totalMs: 30,
  readMs: 5,
  eventsPerSecond: 1_000,
  loadMs: 20,
  replayPerSecond: 50_000,
};

it('follows from what was measured', () => {
  // 64 snapshots of 30 ms in a minute; 64 × 20 ms to load, 60,000 events at 50,000/s.
  expect(estimateAt(MEASURES, 60_000)).toEqual({
    intervalMs: 60_000,
    overhead: 0.032,
    stall: (64 * 5) / 60_000,
    recoveryMs: 1_280 + 1_200,
  });
});

it('trades overhead against recovery: a longer interval never costs more and never comes back sooner', () => {
  const positive = fc.double({ min: 0.01, max: 1e5, noNaN: true });
  const measures = fc.record({
    partitions: fc.integer({ min: 1, max: 4_096 }),
    totalMs: positive,
    readMs: positive,
    eventsPerSecond: positive,
    loadMs: positive,
    replayPerSecond: positive,
  });
  fc.assert(
    fc.property(measures, (measured) => {
      const curve = tradeOff(measured);
      for (const [index, one] of curve.entries()) {
        const before = curve[index - 1];
        if (before === undefined) continue;
        expect(one.overhead).toBeLessThan(before.overhead);
        expect(one.recoveryMs).toBeGreaterThanOrEqual(before.recoveryMs);
      }
    }),
  );
});

describe('the time over which measured snapshots are spread', () => {
  const MINUTE_MS = 60_000;
  const span = (sinceFirstMs: number, intervalMs = MINUTE_MS) => measuredSpan(sinceFirstMs, intervalMs);

  it('is that since the first of them, an hour at most', () => {
    expect(span(12 * MINUTE_MS)).toBe(12 * MINUTE_MS);
    expect(span(59 * MINUTE_MS)).toBe(59 * MINUTE_MS);
    expect(span(61 * MINUTE_MS)).toBe(60 * MINUTE_MS);
  });

  it('is a whole interval at least: one round is what an interval costs', () => {
    expect(span(3_000)).toBe(MINUTE_MS);
    expect(span(0, 5 * MINUTE_MS)).toBe(5 * MINUTE_MS);
    expect(span(0, 120 * MINUTE_MS)).toBe(60 * MINUTE_MS);
  });
});
