import { canonicalJson, type JsonObject } from '@/server/core/json';

/** Follow from the clock or from decisions, not from the set of events alone. */
const NOT_KEPT = new Set(['pc', 'na', 'x', 'cd', 'la']);

/** Whether a member of the state follows from the customer's events alone. */
export function isKept(member: string): boolean {
  return !NOT_KEPT.has(member);
}

/**
 * The part of a customer's state that is a function of the customer's events, as canonical JSON: what the digest of a
 * workspace is made of. Keys that were moved away stand with where they went and their own newest time.
 */
export function digestOf(state: JsonObject): string {
  const kept: JsonObject = {};
  for (const [key, value] of Object.entries(state)) if (isKept(key)) kept[key] = value;
  return canonicalJson(kept);
}
