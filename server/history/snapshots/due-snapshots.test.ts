import { expect, it } from 'vitest';
import { dueSnapshots } from './due-snapshots';

it('takes every partition once in an interval, the one that waited longest first, a few a round', () => {
  const partitions = Array.from({ length: 64 }, (_, index) => index);
  const last = new Map<number, { checkedAt: number }>();
  const taken = new Map<number, number[]>();
  const most: number[] = [];
  for (let now = 1_000_000; now < 1_000_000 + 5 * 60_000; now += 1_000) {
    const due = dueSnapshots(partitions, last, { now, intervalMs: 60_000, roundMs: 1_000 });
    most.push(due.length);
    for (const partition of due) {
      last.set(partition, { checkedAt: now });
      taken.set(partition, [...(taken.get(partition) ?? []), now]);
    }
  }
  expect(Math.max(...most)).toBeLessThanOrEqual(3);
  for (const partition of partitions) {
    const times = taken.get(partition) ?? [];
    expect(times.length).toBeGreaterThanOrEqual(4);
    for (const [index, at] of times.entries()) {
      const before = times[index - 1];
      if (before !== undefined) expect(at - before).toBeLessThanOrEqual(62_000);
    }
  }
});

it('takes one at least, however long the interval', () => {
  expect(dueSnapshots([3, 5], new Map(), { now: 1e9, intervalMs: 3_600_000, roundMs: 1_000 })).toEqual([3]);
});
