import { MAX_DEPTH, MAX_KEYS } from './limits';
import { type Refusal, refuse } from './refusal';

/**
 * Whether a request's text could hold what must not get into the log: escapes may hide NUL or lone surrogates, and
 * names that reach an object's prototype. A scan of the text is far cheaper than one of every parsed event.
 */
export function needsInspection(text: string): boolean {
  return text.includes('\\u') || text.includes('__proto__') || text.includes('prototype');
}

const UNSAFE_KEYS = /^(__proto__|constructor\.prototype)(\.|$)/;

interface Complexity {
  depth: number;
  keys: number;
}

const PROPERTIES: Complexity = { depth: MAX_DEPTH, keys: MAX_KEYS };
/** Around properties that are within their limits: whether an event is taken must not depend on why it was looked at. */
export const WHOLE_EVENT: Complexity = { depth: MAX_DEPTH + 1, keys: 2 * MAX_KEYS };

/** Finds what makes a value too complex for the log: too deep, or too many keys and elements. */
export function findComplexity(value: object, field: string, most = PROPERTIES): Refusal | null {
  const budget = { left: most.keys };
  const depth = measure(value, 1, budget, most.depth);
  if (budget.left < 0) return refuse('too_complex', field, `Has more than ${MAX_KEYS} keys and elements.`);
  return depth > most.depth ? refuse('too_complex', field, `Is nested more than ${MAX_DEPTH} deep.`) : null;
}

function measure(value: object, depth: number, budget: { left: number }, most: number): number {
  if (depth > most) return depth;
  let deepest = depth;
  const inner = value as Record<string, unknown>;
  for (const key in inner) {
    budget.left -= 1;
    if (budget.left < 0) return deepest;
    const item = inner[key];
    if (typeof item === 'object' && item !== null) {
      const reached = measure(item, depth + 1, budget, most);
      if (reached > deepest) deepest = reached;
    }
  }
  return deepest;
}

/** Finds keys that reach a prototype and text that JSON stores cannot hold, anywhere in an event. */
export function findUnsafe(value: unknown, path: string, depth = 0): Refusal | null {
  if (typeof value === 'string') return unsafeText(value, path);
  if (typeof value !== 'object' || value === null) return null;
  if (depth > MAX_DEPTH + 1) return refuse('too_complex', path, `Is nested more than ${MAX_DEPTH} deep.`);
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    if (UNSAFE_KEYS.test(key) || (key === 'constructor' && holdsPrototype(item))) {
      return refuse('unsafe_key', joined(path, key), 'A key that reaches a prototype is not allowed.');
    }
    const found = unsafeText(key, joined(path, 'key')) ?? findUnsafe(item, joined(path, key), depth + 1);
    if (found) return found;
  }
  return null;
}

function holdsPrototype(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
}

/** NUL and halves of surrogate pairs are JSON, and yet no database text. */
export function unsafeText(text: string, path: string): Refusal | null {
  if (text.includes('\0')) return refuse('unsafe_text', path, 'Holds a NUL character.');
  if (!text.isWellFormed()) return refuse('unsafe_text', path, 'Holds half of a surrogate pair.');
  return null;
}

function joined(path: string, key: string): string {
  const name = key.length > 60 ? `${key.slice(0, 60)}…` : key;
  return path === '' ? name.toWellFormed() : `${path}.${name.toWellFormed()}`;
}
