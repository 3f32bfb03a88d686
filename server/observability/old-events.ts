import { SECOND_MS } from '@/server/core/durations';
import { LAG_CRITICAL_SECONDS } from './lag-reading';

/** Records that came within this time say that more of their kind may be on the way, ms. */
const JUST_NOW_MS = 5 * SECOND_MS;
const MOST_BEHIND_MS = LAG_CRITICAL_SECONDS * SECOND_MS;

/** How far the records of a partition have come, ms; null: it holds none yet. */
export interface RecordTimes {
  /** when the newest record that was processed came */
  recordAt: number | null;
  /** event time of its newest event */
  newestAt: number | null;
}

/**
 * Whether a partition is fed what happened a while ago: a source that was away sends what happened meanwhile, and who left
 * since is among what it has yet to send.
 */
export function isOfOldEvents({ recordAt, newestAt }: RecordTimes, now: number): boolean {
  if (recordAt === null || newestAt === null) return false;
  return now - recordAt < JUST_NOW_MS && recordAt - newestAt > MOST_BEHIND_MS;
}
