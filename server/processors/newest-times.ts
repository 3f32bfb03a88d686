import { type CustomerState, heldTime, instantOf, laterOf, NO_TIME, type TimeOrNone } from './customer-state';

/* How far a customer's events have come, and which come too late for that. */

/** Whether a time lies further behind a key's own newest than the lateness; nothing is late at first. */
export function isBehind(newest: TimeOrNone, t: number, latenessMs: number): boolean {
  return newest !== NO_TIME && t < newest - latenessMs;
}

/**
 * Whether an event comes too late to change what is kept of a customer.
 * @param judged whether it is late, as was found where an event of another key arrived; undefined: of this key
 */
export function isTooLate(
  state: CustomerState,
  t: number,
  latenessMs: number,
  judged: boolean | undefined,
): boolean {
  const isLate = judged ?? isBehind(ownNewest(state), t, latenessMs);
  return isLate || (state.cs !== undefined && t <= state.cs);
}

/** The newest time of the key's own events. */
export function ownNewest(state: CustomerState): TimeOrNone {
  return state.w ?? newestOf(state);
}

/** The newest time of the events of all keys. */
function newestOf({ e, n }: CustomerState): TimeOrNone {
  return e === 0 ? NO_TIME : heldTime(n);
}

/**
 * Notes the newest time of events that are about to be added, of the key itself and of all its keys; `w` stays away where
 * it says nothing.
 */
export function noteNewest(state: CustomerState, own: TimeOrNone, newest: number): void {
  const ownTime = laterOf(ownNewest(state), own);
  const allTime = laterOf(newestOf(state), heldTime(newest));
  state.n = instantOf(allTime);
  state.w = ownTime === allTime ? undefined : ownTime;
}
