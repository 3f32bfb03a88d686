import type { JsonObject } from '@/server/core/json';
import { heldState } from './customer-view';
import { joinParts } from './sealed-parts';

/**
 * A customer's state as it stands in the store, with what is kept beside it.
 * @param parts texts of all parts of the state, oldest first; without them it stays as it is
 * @throws SyntaxError when a text is not what the processors wrote
 */
export function readState(text: string, parts: readonly string[] = []): JsonObject {
  const state = JSON.parse(text) as JsonObject;
  const held = heldState(state);
  if (held !== null) joinParts(held, parts);
  return state;
}

/** A customer's state as the store keeps it, once its parts are sealed. */
export function stateText(state: JsonObject): string {
  return JSON.stringify(state);
}
