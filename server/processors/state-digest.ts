import { canonicalJson, type JsonObject } from '@/server/core/json';

import { heldState } from './customer-view';
import { joinParts, partNumbers } from './sealed-carts';

/** Follow from the clock or from decisions, not from the set of events alone. */
const NOT_KEPT = new Set(['pc', 'na', 'x', 'cd', 'la']);

/** Numbers of the parts kept beside a state. */
export function partNumbersOf(state: JsonObject): number[] {
  const held = heldState(state);
  return held === null ? [] : partNumbers(held);
}

/**
 * The part of a customer's state that is a function of the customer's events, as canonical JSON: what the digest of a
 * workspace is made of. The state must be one's own: parts kept beside it are brought back. Keys that were moved away stand with where they went and their own newest time.
 */
export function digestOf(state: JsonObject, parts: readonly string[] = []): string {
  const held = heldState(state);
  if (held !== null) joinParts(held, parts);
  if (held?.sl !== undefined) throw new Error('A digest needs all parts of a state.');
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(state)) if (!NOT_KEPT.has(key)) kept[key] = value;
  return canonicalJson(kept);
}
