import type { JsonObject } from '@/server/core/json';

/** A customer's state as it stands in the store. @throws SyntaxError when the text is not a state */
export function readState(text: string): JsonObject {
  return JSON.parse(text) as JsonObject;
}

/** A customer's state as the store keeps it. */
export function stateText(state: JsonObject): string {
  return JSON.stringify(state);
}
