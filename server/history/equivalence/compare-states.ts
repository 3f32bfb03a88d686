import { maskedKey } from '@/server/core/masked-key';
import { differingParts, partNumbersOf, readState } from '@/server/processors';
import { partField } from '@/server/scaling';
import type { Stored } from '../recovery/partition-replay';
import { wholeState } from '../state/check-state.service';
import type { ComparedStates, DifferingCustomer } from './equivalence.schema';

/** Enough to see what kind of customers differ. */
const MOST_EXAMPLES = 5;

/** States of a partition with their parts, and which keys were moved where. */
export interface HeldStates extends Stored {
  redirects: Record<string, string>;
}

/**
 * Customer by customer what two builds make of one partition, by the parts that the digest covers.
 * @param recomputed keys that the replay stepped
 */
export function compareStates(
  rebuilt: HeldStates,
  running: HeldStates,
  recomputed: ReadonlySet<string>,
): ComparedStates {
  const keys = new Set([...Object.keys(rebuilt.states), ...Object.keys(running.states)]);
  const parts: Record<string, number> = {};
  const examples: DifferingCustomer[] = [];
  let different = 0;
  for (const key of keys) {
    const differing = differencesOf(key, rebuilt, running);
    if (differing.length === 0) continue;
    different += 1;
    for (const part of differing) parts[part] = (parts[part] ?? 0) + 1;
    if (examples.length < MOST_EXAMPLES) examples.push({ customer: maskedKey(key), parts: differing });
  }
  return {
    customers: keys.size,
    recomputed: [...recomputed].filter((key) => keys.has(key)).length,
    equal: keys.size - different,
    different,
    parts,
    examples,
  };
}

function differencesOf(key: string, rebuilt: HeldStates, running: HeldStates): string[] {
  const moved = ownOf(rebuilt.redirects, key) === ownOf(running.redirects, key) ? [] : ['moved to'];
  const [left, right] = [storedOf(key, rebuilt), storedOf(key, running)];
  // Most customers are byte for byte the same: those need no reading.
  if (left.text === right.text && left.parts.join() === right.parts.join()) return moved;
  return [...new Set([...differingParts(wholeState(left), wholeState(right)), ...moved])];
}

function storedOf(key: string, { states, parts }: HeldStates): { text: string | null; parts: string[] } {
  const text = ownOf(states, key) ?? null;
  if (text === null) return { text, parts: [] };
  return { text, parts: partNumbers(text).map((number) => ownOf(parts, partField(key, number)) ?? '[]') };
}

function partNumbers(text: string): number[] {
  try {
    return partNumbersOf(readState(text));
  } catch {
    return [];
  }
}

/** A customer may be called what every object has. */
function ownOf(texts: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}
