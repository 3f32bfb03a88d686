import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WorkerLoad } from './assignment';
import { previewRebalance } from './rebalance';

const loads = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 40 });

function heldBy(workers: number, values: readonly number[]): WorkerLoad[] {
  return Array.from({ length: workers }, (_, worker) => ({
    worker: `w${worker}`,
    partitions: values.flatMap((load, i) => (i % workers === worker ? [{ name: `1.${i}`, load }] : [])),
  }));
}

describe('the preview of a rebalance', () => {
  it('keeps every partition and all of the load, whatever the number of workers', () => {
    fc.assert(
      fc.property(
        loads,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 9 }),
        (values, now, wanted) => {
          const unheld = [{ name: '1.900', load: 3 }];
          const { before, after } = previewRebalance(heldBy(now, values), unheld, wanted);
          const total = (spread: typeof before) =>
            spread.workers.reduce((sum, one) => sum + one.perSecond, 0);
          expect(after.workers).toHaveLength(wanted);
          expect(total(after)).toBeCloseTo(total(before) + 3);
          expect(after.workers.reduce((sum, one) => sum + one.partitions, 0)).toBe(values.length + 1);
        },
      ),
    );
  });

  it('moves nothing when nothing changes for the better', () => {
    const even = heldBy(
      4,
      Array.from({ length: 16 }, () => 10),
    );
    expect(previewRebalance(even, [], 4).moves).toEqual([]);
  });

  it('names every move from its present holder, and empties a worker that goes', () => {
    const { moves, after } = previewRebalance(heldBy(3, [50, 40, 30, 20, 10, 60]), [], 2);
    expect(moves.length).toBeGreaterThan(0);
    expect(
      moves
        .filter(({ from }) => from === 'w2')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['1.2', '1.5']);
    expect(after.workers.map(({ worker }) => worker)).toEqual(['w0', 'w1']);
    for (const { from, to } of moves) expect(from).not.toBe(to);
  });

  it('spreads a load over new workers', () => {
    const { before, after } = previewRebalance(
      heldBy(
        1,
        Array.from({ length: 64 }, () => 100),
      ),
      [],
      3,
    );
    expect(before.skew).toBe(1);
    expect(after.skew).toBeLessThan(1.05);
    expect(Math.max(...after.workers.map(({ partitions }) => partitions))).toBeLessThanOrEqual(22);
  });
});
