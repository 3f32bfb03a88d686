import type { TimedCall } from '../segment-call';

/**
 * Traffic as a function of time: the same span always gives the same calls with the same ids, so that a demo that is
 * started again goes on where the clock is, and nothing it sends twice counts twice.
 */
export interface Scenario {
  name: string;
  /** Calls with times in [from, to), in order of time. */
  between(from: number, to: number, eventsPerSecond: number): TimedCall[];
}
