import type { LastSnapshot } from './snapshot-memory.repository';

/** Twice the even pace, so that those that came due together are caught up with without standing in one row. */
const CATCH_UP = 2;

/**
 * The partitions whose turn it is in this round, the one that waited longest first. Evenly spread: in a round of
 * `roundMs` no more than its share of the interval.
 */
export function dueSnapshots(
  partitions: readonly number[],
  last: ReadonlyMap<number, Pick<LastSnapshot, 'checkedAt'>>,
  { now, intervalMs, roundMs }: { now: number; intervalMs: number; roundMs: number },
): number[] {
  const waitedSince = (partition: number) => last.get(partition)?.checkedAt ?? 0;
  const most = Math.max(1, Math.ceil((partitions.length * roundMs * CATCH_UP) / intervalMs));
  return partitions
    .filter((partition) => now - waitedSince(partition) >= intervalMs)
    .sort((a, b) => waitedSince(a) - waitedSince(b))
    .slice(0, most);
}
