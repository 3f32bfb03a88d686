import { describe, expect, it } from 'vitest';
import { bucketOf, noReads, quantileOf, READ_BOUNDS_MS, StoreReads } from './store-reads';

const timesOf = (...ms: number[]) => {
  const { times } = noReads();
  for (const one of ms) times[bucketOf(one)] = (times[bucketOf(one)] ?? 0) + 1;
  return times;
};

describe('quantiles of read times', () => {
  it('are not known without a read', () => {
    expect(quantileOf(noReads().times, 0.5)).toBeNull();
  });

  it('lie in the bucket of the read they belong to', () => {
    const times = timesOf(...Array.from({ length: 98 }, () => 0.8), 40, 40);
    // 49 of the 98 between 0.5 and 1 ms; then the first of the two between 25 and 50.
    expect(quantileOf(times, 0.5)).toBeCloseTo(0.5 + (50 / 98) * 0.5, 12);
    expect(quantileOf(times, 0.99)).toBeCloseTo(25 + (1 / 2) * 25, 12);
  });

  it('are never told as beyond what is measured', () => {
    expect(quantileOf(timesOf(60_000, 60_000), 0.5)).toBe(READ_BOUNDS_MS.at(-1));
  });

  it('put a bound into the bucket below it', () => {
    expect([0, 0.25, 0.2501, 10_000, 10_001].map(bucketOf)).toEqual([0, 0, 1, 16, 17]);
  });
});

describe('counting reads', () => {
  it('keeps workspaces apart, counts a read that failed as nothing else, and tells each read once', () => {
    const reads = new StoreReads();
    const heard: number[] = [];
    const cease = reads.onRead(({ hits }) => heard.push(hits));
    reads.note('north', { ms: 0.8, hits: 2, misses: 1, expired: 1, failed: false });
    reads.note('north', { ms: 9_000, hits: 0, misses: 0, expired: 0, failed: true });
    reads.note('south', { ms: 0.8, hits: 1, misses: 0, expired: 0, failed: false });
    cease();
    reads.note('south', { ms: 0.8, hits: 9, misses: 0, expired: 0, failed: false });
    const taken = reads.take();
    expect(taken.get('north')).toEqual({
      ...{ hits: 2, misses: 1, expired: 1, failed: 1 },
      times: timesOf(0.8),
    });
    expect(taken.get('south')?.hits).toBe(10);
    expect(heard).toEqual([2, 0, 1]);
    expect(reads.take().size).toBe(0);
  });
});
