import { HOUR_MS } from '@/server/core/durations';
import { addInterval } from '@/server/streaming/interval-set';
import { bufferStart } from './cart-buffer';
import type { CustomerState, PlatformIndex, Visit } from './customer-state';
import { STEP_AT } from './customer-state';

/** Final visits are kept this long, and at most so many of them, for identities that meet later. */
const KEEP_MS = 24 * HOUR_MS;
const KEEP_FINAL = 20;
const STEPS = 4;

export interface VisitChange {
  visit: Visit;
  /** visits that were joined into it */
  joined: Visit[];
}

/** Joins two visits of which `earlier` starts first; both steps' offsets become those from its start. */
export function joinVisits(earlier: Visit, later: Visit): Visit {
  const shift = later[0] - earlier[0];
  const joined = [...earlier] as Visit;
  joined[1] = Math.max(earlier[1], later[1]);
  joined[2] = earlier[2] + later[2];
  // Two first events of one instant: the lower platform, so that the answer does not depend on arrival.
  if (shift === 0) joined[3] = Math.min(earlier[3], later[3]);
  for (let step = STEP_AT; step < STEP_AT + STEPS; step += 1) {
    const a = earlier[step] as number;
    const b = later[step] as number;
    const moved = b === 0 ? 0 : b + shift;
    joined[step] = a === 0 ? moved : moved === 0 ? a : Math.min(a, moved);
  }
  return joined;
}

/** Adds an event that is in order: the last visit grows in place, or a new one begins. Null: it is not in order. */
export function extendLastVisit(
  visits: Visit[],
  t: number,
  platform: PlatformIndex,
  step: number,
  gapMs: number,
): { visit: Visit; begun: boolean; reached: boolean } | null {
  const last = visits.at(-1);
  if (last !== undefined && t < last[1]) return null;
  if (last === undefined || t - last[1] > gapMs) {
    const visit = visitOf(t, platform, step);
    visits.push(visit);
    return { visit, begun: true, reached: step > 0 };
  }
  // At the very start the platform of the first event may still be in question.
  if (t === last[0]) return null;
  last[1] = t;
  last[2] += 1;
  const reached = step > 0 && last[STEP_AT + step - 1] === 0;
  if (reached) last[STEP_AT + step - 1] = t - last[0] + 1;
  return { visit: last, begun: false, reached };
}

export function visitOf(t: number, platform: PlatformIndex, step: number): Visit {
  const visit: Visit = [t, t, 1, platform, 0, 0, 0, 0];
  if (step > 0) visit[STEP_AT + step - 1] = 1;
  return visit;
}

/** Adds a visit anywhere. */
export function addVisit(visits: Visit[], added: Visit, gapMs: number): VisitChange {
  const { index, joined } = addInterval(visits, added, gapMs, joinVisits);
  return { visit: visits[index] as Visit, joined };
}

/** Whether the visit reached step 0…4 of the funnel. */
export function reachedStep(visit: Visit, step: number): boolean {
  return step === 0 || visit[STEP_AT + step - 1] !== 0;
}

/**
 * Drops visits whose facts are final and that are no longer of use. A visit is final when no event in time could
 * touch it; it is dropped a day behind the newest event, or behind 20 later final ones, but never while the cart buffer
 * reaches back into it. Each condition only becomes truer, so what is kept does not depend on the order of arrival.
 */
export function dropVisits(state: CustomerState, gapMs: number, latenessMs: number): void {
  const { vs, n } = state;
  const first = vs[0];
  if (first === undefined || first[1] + gapMs >= n - latenessMs) return;
  let final = 0;
  for (const visit of vs) {
    if (visit[1] + gapMs >= n - latenessMs) break;
    final += 1;
  }
  const buffered = bufferStart(state);
  let drop = 0;
  while (drop < final) {
    const [, last] = vs[drop] as Visit;
    const old = last < n - KEEP_MS || final - drop - 1 >= KEEP_FINAL;
    if (!old || buffered <= last) break;
    drop += 1;
  }
  if (drop === 0) return;
  vs.splice(0, drop);
  state.vd = (state.vd ?? 0) + drop;
}
