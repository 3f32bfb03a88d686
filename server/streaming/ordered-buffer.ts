import { compareBytes, compareIds, isIntegerId, sortTies } from './event-order';

/** An event kept as an array whose first two members are its event time, ms, and its id: compact and quick to compare. */
export type Keyed = readonly [t: number, id: string, ...rest: unknown[]];

/** Two sources may give one id to two events of one instant: what they say decides, never which came first. */
function compareTies(a: Keyed, b: Keyed): number {
  return compareIds(a[1], b[1]) || compareBytes(JSON.stringify(a), JSON.stringify(b));
}

/** Whether an event comes after the last one of a sorted buffer; false also where only the whole group can tell. */
export function isBeyond(last: Keyed, item: Keyed): boolean {
  if (last[0] !== item[0]) return last[0] < item[0];
  return isIntegerId(last[1]) === isIntegerId(item[1]) && compareTies(last, item) < 0;
}

/**
 * Puts an event in its place in a sorted buffer and returns its index. Events nearly always come in order, so the
 * search starts at the end. Equal times are ordered as a group, see `sortTies`.
 */
export function insertOrdered<T extends Keyed>(buffer: T[], item: T): number {
  const last = buffer.at(-1);
  if (last === undefined || last[0] < item[0]) return buffer.push(item) - 1;
  let end = buffer.length;
  while (end > 0 && (buffer[end - 1] as T)[0] > item[0]) end -= 1;
  let start = end;
  while (start > 0 && (buffer[start - 1] as T)[0] === item[0]) start -= 1;
  if (start === end) {
    buffer.splice(end, 0, item);
    return end;
  }
  const kind = isIntegerId(item[1]);
  const ties = buffer.slice(start, end);
  if (ties.some((tie) => isIntegerId(tie[1]) !== kind)) {
    const group = [...ties, item].sort((a, b) => compareBytes(JSON.stringify(a), JSON.stringify(b)));
    buffer.splice(start, end - start, ...sortTies(group, (tie) => tie[1]));
    // The whole group may have moved: the group's start is where a fold has to begin again.
    return start;
  }
  let at = end;
  while (at > start && compareTies(buffer[at - 1] as T, item) > 0) at -= 1;
  buffer.splice(at, 0, item);
  return at;
}

/** When an event of an ordered buffer may be folded away for good. */
export interface SettlePolicy {
  latenessMs: number;
  /** events that must be buffered after it */
  slackEvents: number;
  /** or age behind the newest event that does as well, ms */
  slackMs: number;
  /** bound of the buffer, whatever else holds */
  maxEvents: number;
}

/**
 * How many events at the head of the buffer are settled as of a moment of event time: as if no later event were there.
 * `upTo` is how many of the whole buffer are not later than that, `length` how long it is; only its head may be at hand.
 * Every condition only becomes truer as events are added and the moment moves on, so the settled part does not depend on
 * the order they came in.
 */
export function settledCount(
  head: readonly Keyed[],
  asOf: number,
  policy: SettlePolicy,
  { upTo, length }: { upTo: number; length: number },
): number {
  let count = 0;
  while (count < head.length) {
    const t = (head[count] as Keyed)[0];
    const past = t < asOf - policy.latenessMs;
    const slack = upTo - count - 1 > policy.slackEvents || t < asOf - policy.slackMs;
    if (!(past && slack) && length - count - 1 < policy.maxEvents) break;
    count += 1;
  }
  return count;
}
