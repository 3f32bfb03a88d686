import type { JsonObject } from '@/server/core/json';
import { canonicalJson } from '@/server/core/json';
import type { CustomerState, Trait } from './customer-state';

const MAX_TRAITS = 20;
const MAX_TRAIT_TEXT = 120;

/** Takes traits of an `identify`: per trait the newest wins. Nested values are left out. */
export function addTraits(state: CustomerState, traits: JsonObject, t: number): void {
  for (const key of Object.keys(traits)) {
    const value = traits[key];
    if (typeof value === 'string') addTrait(state, key, [value.slice(0, MAX_TRAIT_TEXT), t]);
    else if (typeof value === 'number' || typeof value === 'boolean') addTrait(state, key, [value, t]);
  }
}

/** Bounded to the first names by code units: which stay does not depend on the order they came in. */
export function addTrait(state: CustomerState, key: string, trait: Trait): void {
  if (key === '__proto__') return;
  state.tr ??= {};
  const held = Object.hasOwn(state.tr, key) ? state.tr[key] : undefined;
  if (held !== undefined && !supersedes(trait, held)) return;
  state.tr[key] = trait;
  const keys = Object.keys(state.tr);
  if (keys.length <= MAX_TRAITS) return;
  let greatest = key;
  for (const name of keys) if (name > greatest) greatest = name;
  delete state.tr[greatest];
}

/** The newer; at one instant the greater by its text, whatever came first. */
function supersedes(trait: Trait, held: Trait): boolean {
  if (trait[1] !== held[1]) return trait[1] > held[1];
  return canonicalJson(trait[0]) > canonicalJson(held[0]);
}
