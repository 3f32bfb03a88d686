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

/** How fast to sweep so that every customer is recomputed within the period, as far as the bound, or a share of it, lets. */
export function sweepPace(customers: number, periodMs: number, share = 1): SweepPace {
  const wanted = wantedPerSecond(customers, periodMs);
  const perSecond = Math.min(MOST_PER_SECOND, Math.max(1, wanted)) * share;
  const sweepMs = Math.max(periodMs * SWEEP_SHARE, (customers * 1_000) / perSecond);
  return { perSecond, sweepMs, detectionMs: 2 * sweepMs, bounded: wanted > perSecond };
}

/**
 * What part of its own pace every sweep goes at, 0…1, so that all together keep to the bound: how many workspaces there
 * are makes the check slower, not dearer.
 * @param customers of each workspace that is swept
 */
export function sharedPace(customers: readonly number[], periodMs: number): number {
  const paces = customers.map((count) => sweepPace(count, periodMs).perSecond);
  return Math.min(1, MOST_PER_SECOND / paces.reduce((sum, pace) => sum + pace, 0));
}

function wantedPerSecond(customers: number, periodMs: number): number {
  return (customers * 1_000) / (periodMs * SWEEP_SHARE);
}

/** Customers of which every one is recomputed within the period. */
export function coveredCustomers(periodMs: number, share = 1): number {
  return Math.floor((MOST_PER_SECOND * share * periodMs * SWEEP_SHARE) / 1_000);
}
