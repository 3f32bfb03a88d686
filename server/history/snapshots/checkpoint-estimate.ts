import { HOUR_MS } from '@/server/core/durations';
import { OFFERED_INTERVALS_MS } from '../checkpoint.schema';

/** What the system measured of itself, from which other intervals are estimated. */
export interface CheckpointMeasures {
  /** partitions with state */
  partitions: number;
  /** mean work per snapshot (read, compress, seal, store), ms */
  totalMs: number;
  /** mean time Redis was asked for one, ms */
  readMs: number;
  /** customer events processed per second, all partitions */
  eventsPerSecond: number;
  /** of drills: fetching and opening one snapshot, ms */
  loadMs: number;
  /** of drills: records replayed per second */
  replayPerSecond: number;
}

export interface CheckpointEstimate {
  intervalMs: number;
  /** part of one core that taking snapshots costs */
  overhead: number;
  /** part of the time in which Redis is busy with reading snapshots: the most that commits can be slowed by */
  stall: number;
  /** time to rebuild a lost Redis at the worst moment, just before the next snapshots, ms */
  recoveryMs: number;
}

/**
 * The trade-off at one interval. Overhead falls with the interval: each partition is taken once in it, and one without news
 * not at all, so this is the most. Recovery grows with it: every partition is loaded, and the events of a whole interval
 * are replayed, one partition after the other.
 */
export function estimateAt(measures: CheckpointMeasures, intervalMs: number): CheckpointEstimate {
  const { partitions, totalMs, readMs, eventsPerSecond, loadMs, replayPerSecond } = measures;
  const replayed = (eventsPerSecond * intervalMs) / 1_000;
  return {
    intervalMs,
    overhead: (partitions * totalMs) / intervalMs,
    stall: (partitions * readMs) / intervalMs,
    recoveryMs: partitions * loadMs + (replayed / replayPerSecond) * 1_000,
  };
}

/** The whole curve over the intervals that are offered. */
export function tradeOff(measures: CheckpointMeasures): CheckpointEstimate[] {
  return OFFERED_INTERVALS_MS.map((intervalMs) => estimateAt(measures, intervalMs));
}

/**
 * The time over which the snapshots of the last hour are spread, ms: since the first of them, which is less where Millrace
 * runs for minutes, but a whole interval at least, since until then one round is all there is.
 */
export function measuredSpan(sinceFirstMs: number, intervalMs: number): number {
  return Math.min(HOUR_MS, Math.max(sinceFirstMs, intervalMs));
}
