import { z } from 'zod';
import { HOUR_MS, SECOND_MS } from '@/server/core/durations';

const SHORTEST_INTERVAL_MS = 5 * SECOND_MS;
const LONGEST_INTERVAL_MS = 24 * HOUR_MS;

/** Intervals that are offered, and for which the trade-off is computed: from the shortest that is allowed to an hour. */
export const OFFERED_INTERVALS_MS = [5, 10, 15, 30, 60, 120, 300, 600, 1_200, 1_800, 3_600].map(
  (seconds) => seconds * SECOND_MS,
);

export const intervalInput = z.strictObject({
  /** between two snapshots of a partition */
  intervalMs: z.number().int().min(SHORTEST_INTERVAL_MS).max(LONGEST_INTERVAL_MS),
});

export const drillInput = z.strictObject({
  shardId: z.number().int().nonnegative(),
  partition: z.number().int().nonnegative(),
});
