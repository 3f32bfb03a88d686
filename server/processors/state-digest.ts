import { canonicalJson, type JsonObject } from '@/server/core/json';
import { isMoved, type MovedState } from './customer-state';
import { heldState } from './customer-view';
import { hasParts, joinParts, partNumbers } from './sealed-parts';

/** Follow from the clock, from decisions or from signals that history does not keep, not from the set of events alone. */
const NOT_KEPT = new Set(['pc', 'na', 'x', 'cd', 'la', 'sg']);

/** Whether a member of the state follows from the customer's events alone. */
export function isKept(member: string): boolean {
  return !NOT_KEPT.has(member);
}

/** Numbers of the parts kept beside a state. */
export function partNumbersOf(state: JsonObject): number[] {
  const held = heldState(state);
  return held === null ? [] : partNumbers(held);
}

/** Customers that a key which was moved away went to or was seen with. */
export function targetsOf(state: JsonObject): string[] {
  return isMoved(state) ? [state.m, ...(state.o ?? [])] : [];
}

/** Where a key's history is in the end. */
export type EndOfKey = (key: string) => string;

const wherePut: EndOfKey = (key) => key;

/**
 * The part of a customer's state that is a function of the customer's events, as canonical JSON: what the digest of a
 * workspace is made of. The state must be one's own: parts kept beside it are brought back. Keys that were moved away stand with where they went and their own newest time.
 * @param endOf of a key that another was moved to, which may have been moved on: of a chain of links it depends on their
 *   arrival which key went by way of which; without it they stand as they were put
 */
export function digestOf(
  state: JsonObject,
  parts: readonly string[] = [],
  endOf: EndOfKey = wherePut,
): string {
  const held = heldState(state);
  if (held !== null) joinParts(held, parts);
  if (held !== null && hasParts(held)) throw new Error('A digest needs all parts of a state.');
  if (isMoved(state)) return canonicalJson(atItsEnd(state, endOf));
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(state)) if (isKept(key)) kept[key] = value;
  return canonicalJson(kept);
}

/** States of some keys as the digest has them: each that was moved away stands with where it went in the end. */
export function atTheirEnds(states: ReadonlyMap<string, JsonObject | null>): Map<string, JsonObject | null> {
  const endOf: EndOfKey = (key) => {
    let at = key;
    for (let hop = 0; hop < states.size; hop += 1) {
      const state = states.get(at);
      if (!state || !isMoved(state)) break;
      at = state.m;
    }
    return at;
  };
  const ended = [...states].map(
    ([key, state]) => [key, state && isMoved(state) ? atItsEnd(state, endOf) : state] as const,
  );
  return new Map(ended);
}

function atItsEnd(moved: MovedState, endOf: EndOfKey): JsonObject {
  const m = endOf(moved.m);
  const others = [...new Set(moved.o?.map(endOf))].filter((key) => key !== m).sort();
  return { ...moved, m, o: others.length === 0 ? undefined : others } as JsonObject;
}
