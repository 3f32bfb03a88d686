/**
 * A set of session windows: sorted arrays `[start, last, …]`, merged wherever the gap between them is at most `gapMs`
 * (exactly the gap keeps a session; it ends at `last + gapMs`). A union of intervals commutes: order of arrival can't matter.
 */
export type Interval = [start: number, last: number, ...rest: unknown[]];

/** Joins two intervals that touch into a new one; `earlier` starts first (or they start together). */
export type JoinIntervals<T extends Interval> = (earlier: T, later: T) => T;

export interface IntervalChange<T extends Interval> {
  /** index of the interval that now holds what was added */
  index: number;
  /** intervals that were joined into it, in order; the interval itself is new */
  joined: T[];
}

/** Adds an interval, joining every one within `gapMs` of it. The set stays sorted; the joined are handed back. */
export function addInterval<T extends Interval>(
  set: T[],
  added: T,
  gapMs: number,
  join: JoinIntervals<T>,
): IntervalChange<T> {
  let end = set.length;
  while (end > 0 && (set[end - 1] as T)[0] - added[1] > gapMs) end -= 1;
  let start = end;
  while (start > 0 && added[0] - (set[start - 1] as T)[1] <= gapMs) start -= 1;
  const joined = set.slice(start, end);
  let whole = added;
  for (const interval of joined) {
    whole = interval[0] <= whole[0] ? join(interval, whole) : join(whole, interval);
  }
  set.splice(start, end - start, whole);
  return { index: start, joined };
}

/** Index of the last interval that starts at or before `t`, or -1. */
export function intervalAt(set: readonly Interval[], t: number): number {
  let index = set.length - 1;
  while (index >= 0 && (set[index] as Interval)[0] > t) index -= 1;
  return index;
}
