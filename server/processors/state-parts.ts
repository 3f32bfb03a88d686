import { canonicalJson, type JsonObject } from '@/server/core/json';
import { withoutCurrencies } from './context-text';
import { type CustomerState, instantOf, isMoved, NO_TIME } from './customer-state';
import { heldState } from './customer-view';
import { isKept } from './state-digest';

const LAST_EVENTS = 'last events';

/** Parts of a customer's kept state in plain words, by the members that hold them (see `customer-state.ts`). */
const PART_OF: Record<string, string> = {
  n: 'newest event',
  w: 'newest own event',
  f: 'first seen',
  e: 'events counted',
  vs: 'visits',
  vd: 'earlier visits',
  cb: 'cart events',
  ca: 'cart',
  cm: 'cart',
  cs: 'cart',
  cc: 'cart outcomes',
  cx: LAST_EVENTS,
  tr: 'traits',
  rf: 'purchases',
  ct: 'contacts',
  lk: 'linked keys',
  m: 'moved to',
};

/** The kept parts of a state, each as canonical text: what the digest covers, told apart. */
export function keptParts(state: JsonObject | null): Map<string, string> {
  const parts = new Map<string, string>();
  for (const [member, value] of Object.entries(state ?? {})) {
    if (value === undefined || !isKept(member)) continue;
    const name = PART_OF[member] ?? member;
    parts.set(name, `${parts.get(name) ?? ''}${member}=${canonicalJson(value)};`);
  }
  return parts;
}

/** Names of the parts in which two states differ, in order; none when their digests are equal. */
export function differingParts(a: JsonObject | null, b: JsonObject | null): string[] {
  if ((a === null) !== (b === null)) return ['whole state'];
  const [left, right] = [keptParts(a), keptParts(b)];
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name))
    .sort();
}

/**
 * The same for a state and what history makes of it now: that some of its last events were kept before their currencies
 * were is no difference.
 */
export function differencesFromHistory(stored: JsonObject | null, recomputed: JsonObject | null): string[] {
  const parts = differingParts(stored, recomputed);
  if (!parts.includes(LAST_EVENTS) || contextOf(stored) !== contextOf(recomputed)) return parts;
  return parts.filter((part) => part !== LAST_EVENTS);
}

function contextOf(state: JsonObject | null): string {
  return withoutCurrencies((state && heldState(state)?.cx) ?? '');
}

/** What others than the processors may know of a state: how old it is, and what it still stands for. */
export interface StateStanding {
  /** newest event time, ms; null: no event was in time yet */
  newest: number | null;
  /** events in time it was made from */
  events: number;
  /** customer the key was moved to; null: it is a customer itself */
  movedTo: string | null;
  linkedKeys: string[];
  /** clock as of which its facts were published, ms of event time */
  publishedAt: number;
  /** end of the last visit's last event, ms; null: none */
  lastVisitAt: number | null;
  /**
   * Something that must outlast silence: orders (RFM), keys linked or asked to come, a contact that never ended. Such a
   * state never leaves by age.
   */
  lasting: boolean;
}

export function standingOf(state: JsonObject): StateStanding {
  if (isMoved(state)) {
    const { m, w, o = [] } = state;
    return {
      newest: w === NO_TIME ? null : instantOf(w),
      events: 0,
      movedTo: m,
      linkedKeys: o,
      publishedAt: w,
      lastVisitAt: null,
      lasting: true,
    };
  }
  const kept = heldState(state) as CustomerState;
  const { n, e, pc, vs, rf, lk = [], la = [], ct = [] } = kept;
  const lasting =
    rf !== undefined || lk.length > 0 || la.length > 0 || ct.some((contact) => contact.e === NO_TIME);
  return {
    newest: e === 0 ? null : n,
    events: e,
    movedTo: null,
    linkedKeys: lk,
    publishedAt: pc,
    lastVisitAt: vs.at(-1)?.[1] ?? null,
    lasting,
  };
}
