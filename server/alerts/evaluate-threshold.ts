import { SECOND_MS } from '@/server/core/durations';
import type { Condition } from './threshold.schema';

/**
 * Where a threshold stands. It goes quiet → pending (crossed, not yet held) → firing → clearing (back, not yet for
 * long enough) → quiet.
 */
export type AlertState =
  | { phase: 'quiet' }
  | { phase: 'pending'; since: number; unknownSince: number | null }
  | { phase: 'firing'; since: number }
  | { phase: 'clearing'; since: number; clearSince: number };

export const QUIET: AlertState = { phase: 'quiet' };

/** To end, a value must come back past the threshold by this share of it: no flapping about the line. */
export const HYSTERESIS = 0.05;
const SHORTEST_CLEAR_MS = 5 * SECOND_MS;
const LONGEST_CLEAR_MS = 60 * SECOND_MS;
/** A crossing of which nothing was known for so long has not held. */
const UNKNOWN_MS = 5 * SECOND_MS;

export interface Evaluation {
  state: AlertState;
  change: 'started' | 'ended' | null;
}

type Limits = Pick<Condition, 'comparison' | 'value' | 'holdSeconds'>;

export function crosses({ comparison, value }: Limits, observed: number): boolean {
  return comparison === 'above' ? observed > value : observed < value;
}

function isBack({ comparison, value }: Limits, observed: number): boolean {
  const margin = Math.abs(value) * HYSTERESIS;
  return comparison === 'above' ? observed <= value - margin : observed >= value + margin;
}

/** How long a value must be back before the firing ends, ms: as long as it had to hold, within bounds. */
export function clearMs({ holdSeconds }: Limits): number {
  return Math.min(LONGEST_CLEAR_MS, Math.max(SHORTEST_CLEAR_MS, holdSeconds * SECOND_MS));
}

/**
 * The next state of a threshold for a value seen at `now` (ms). Pure. A value that is not known neither fires nor ends
 * anything.
 */
export function evaluateThreshold(
  limits: Limits,
  state: AlertState,
  observed: number | null,
  now: number,
): Evaluation {
  if (observed === null) return { state: withoutValue(state, now), change: null };
  if (state.phase === 'quiet' || state.phase === 'pending') return rising(limits, state, observed, now);
  return falling(limits, state, observed, now);
}

function withoutValue(state: AlertState, now: number): AlertState {
  if (state.phase === 'clearing') return { phase: 'firing', since: state.since };
  if (state.phase !== 'pending') return state;
  const unknownSince = state.unknownSince ?? now;
  return now - unknownSince >= UNKNOWN_MS ? QUIET : { ...state, unknownSince };
}

function rising(
  limits: Limits,
  state: Extract<AlertState, { phase: 'quiet' | 'pending' }>,
  observed: number,
  now: number,
): Evaluation {
  if (!crosses(limits, observed)) return { state: QUIET, change: null };
  const since = state.phase === 'pending' ? state.since : now;
  if (now - since < limits.holdSeconds * SECOND_MS) {
    return { state: { phase: 'pending', since, unknownSince: null }, change: null };
  }
  return { state: { phase: 'firing', since: now }, change: 'started' };
}

function falling(
  limits: Limits,
  state: Extract<AlertState, { phase: 'firing' | 'clearing' }>,
  observed: number,
  now: number,
): Evaluation {
  const { since } = state;
  if (!isBack(limits, observed)) return { state: { phase: 'firing', since }, change: null };
  const clearSince = state.phase === 'clearing' ? state.clearSince : now;
  if (now - clearSince < clearMs(limits))
    return { state: { phase: 'clearing', since, clearSince }, change: null };
  return { state: QUIET, change: 'ended' };
}
