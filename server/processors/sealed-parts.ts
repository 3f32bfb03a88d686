import type { CustomerEvent } from '@/server/event-log/records';
import type { SealedPart, StreamSettings } from '@/server/streaming/partition-step';
import type { CustomerState } from './customer-state';
import {
  cartPartNumbers,
  cartPartsFor,
  joinCartParts,
  mayNeedCartParts,
  sealCartParts,
} from './sealed-carts';
import { chunkNumbers, chunksFor, isChunk, joinChunks, mayNeedChunks, sealChunks } from './sealed-context';

/* What is kept in parts beside a customer's state: older entries of the cart's buffer, and older ones of the last events. */

/** Whether there are any. */
export function hasParts({ sl, xs }: CustomerState): boolean {
  return sl !== undefined || xs !== undefined;
}

/** Numbers of all parts of a customer. */
export function partNumbers(state: CustomerState): number[] {
  return [...cartPartNumbers(state), ...chunkNumbers(state)];
}

/**
 * The parts that a customer's events need.
 * @param reach how far back they, or rules that wait for them, look among the last events, ms
 */
export function partsFor(
  state: CustomerState,
  events: readonly CustomerEvent[],
  settings: StreamSettings,
  reach: number,
): number[] {
  return [...cartPartsFor(state, events, settings), ...chunksFor(state, reach)];
}

/** Whether a state, by its text, may need parts for events that reach so far back (ms): says yes rather once too often. */
export function mayNeedParts(text: string, reach: number): boolean {
  return mayNeedCartParts(text) || mayNeedChunks(text, reach);
}

/** Brings parts back, as `partsFor` or `partNumbers` named them. */
export function joinParts(state: CustomerState, texts: readonly string[]): void {
  if (texts.length === 0) return;
  joinCartParts(
    state,
    texts.filter((text) => !isChunk(text)),
  );
  joinChunks(state, texts.filter(isChunk));
}

/** Takes what is better kept in parts out of a state. @returns the parts to be written */
export function sealParts(state: CustomerState, settings: StreamSettings): SealedPart[] {
  return [...sealCartParts(state, settings), ...sealChunks(state)];
}
