import type { CoursePoint } from '@/server/observability';
import { type AlertState, evaluateThreshold, QUIET } from './evaluate-threshold';
import type { Condition } from './threshold.schema';

/** A firing that would have been. */
export interface PreviewFiring {
  /** ms */
  from: number;
  /** ms; null: it would still fire */
  to: number | null;
  /** the value furthest past the threshold */
  worst: number;
}

/**
 * What a condition would have done over samples in time order, by the very evaluator that judges live. Pure.
 */
export function previewThreshold(condition: Condition, samples: readonly CoursePoint[]): PreviewFiring[] {
  const firings: PreviewFiring[] = [];
  let state: AlertState = QUIET;
  for (const { at, value } of samples) {
    const next = evaluateThreshold(condition, state, value, at);
    state = next.state;
    if (next.change === 'started' && value !== null) firings.push({ from: at, to: null, worst: value });
    const current = firings.at(-1);
    if (!current || current.to !== null) continue;
    if (next.change === 'ended') current.to = at;
    else if (value !== null) current.worst = furthest(condition, current.worst, value);
  }
  return firings;
}

function furthest({ comparison }: Condition, a: number, b: number): number {
  return comparison === 'above' ? Math.max(a, b) : Math.min(a, b);
}
