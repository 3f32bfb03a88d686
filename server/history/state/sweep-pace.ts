/** A sweep takes this part of the period, so that a value corrupted behind it is reached by the next within the period. */
const SWEEP_SHARE = 0.4;
/** Customers recomputed in a second at most: what a background check may cost of one core is bounded. */
export const MOST_PER_SECOND = 60;

export interface SweepPace {
  /** customers per second */
  perSecond: number;
  /** how long one sweep takes at that pace, ms */
  sweepMs: number;
  /** longest time from a corruption to its being found, ms: the rest of the sweep that had passed it, and the next one */
  detectionMs: number;
  /** the pace is bounded: with this many customers detection takes longer than the period */
  bounded: boolean;
}

/** How fast to sweep so that every customer is recomputed within the period, as far as the bound lets. */
export function sweepPace(customers: number, periodMs: number): SweepPace {
  const wanted = (customers * 1_000) / (periodMs * SWEEP_SHARE);
  const perSecond = Math.max(1, Math.min(MOST_PER_SECOND, wanted));
  const sweepMs = Math.max(periodMs * SWEEP_SHARE, (customers * 1_000) / perSecond);
  return { perSecond, sweepMs, detectionMs: 2 * sweepMs, bounded: wanted > MOST_PER_SECOND };
}

/** Customers of which every one is recomputed within the period. */
export function coveredCustomers(periodMs: number): number {
  return Math.floor((MOST_PER_SECOND * periodMs * SWEEP_SHARE) / 1_000);
}
