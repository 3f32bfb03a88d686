import type { FactKind } from '@/server/streaming/fact';

/** Lateness that a histogram parts at, ms: from a minute to a week. */
export const LATENESS_EDGES_MS = [
  60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 21_600_000, 43_200_000,
  86_400_000, 604_800_000,
] as const;

/** What was published or would have been: without the customer. */
export interface LateFact {
  kind: FactKind;
  /** ms */
  at: number;
  amount?: string;
  currency?: string;
  platform?: string;
}

export interface LateEventView {
  id: string;
  messageId: string;
  name: string;
  /** masked; the key itself only for those who may open the customer */
  customer: { label: string; key: string | null };
  /** ms */
  eventAt: number;
  loggedAt: number;
  latenessMs: number;
  /** facts that stand and would have been taken back */
  published: LateFact[];
  /** facts that would stand in their place */
  corrected: LateFact[];
}

export interface LateSummary {
  /** allowed lateness of the workspace, ms */
  allowedMs: number;
  total: number;
  /** would have changed a result */
  changed: number;
  /** half of them are at most so late, ms; null when there are none */
  medianMs: number | null;
  greatestMs: number | null;
  /** counts by `LATENESS_EDGES_MS`: below the first, between each pair, beyond the last */
  histogram: number[];
}
