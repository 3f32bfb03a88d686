/*
 * The one order of a customer's events: event time, then message id. Two ids that are both integers compare as
 * numbers, any other pair by their UTF-8 bytes.
 */

const INTEGER = /^-?\d+$/;
const SAFE_DIGITS = 15;

export function isIntegerId(id: string): boolean {
  const first = id.charCodeAt(0);
  // Almost every id starts with a letter or is plain digits: most answers need no regular expression.
  if (first !== 45 && (first < 48 || first > 57)) return false;
  return INTEGER.test(id);
}

/** Compares by UTF-8 bytes without encoding: code units in order, with surrogates above the rest of the plane. */
export function compareBytes(a: string, b: string): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i += 1) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return lift(x) - lift(y);
  }
  return a.length - b.length;
}

function lift(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000;
}

function compareIntegers(a: string, b: string): number {
  if (a.length <= SAFE_DIGITS && b.length <= SAFE_DIGITS) return Number(a) - Number(b);
  const x = BigInt(a);
  const y = BigInt(b);
  return x < y ? -1 : x > y ? 1 : 0;
}

/** Order of two message ids: negative, zero or positive. Integers that are equal in value fall back to their bytes. */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  if (isIntegerId(a) && isIntegerId(b)) return compareIntegers(a, b) || compareBytes(a, b);
  return compareBytes(a, b);
}

/**
 * Sorts events of one instant. The pairwise rule can run in a circle when integer and other ids meet ("9" < "10" <
 * "1a" < "9"), so each kind is sorted by itself and the two are merged head to head: the pairwise rule wherever it is
 * consistent, and the same order for the same set always.
 */
export function sortTies<T>(ties: readonly T[], idOf: (item: T) => string): T[] {
  const numbers = ties.filter((item) => isIntegerId(idOf(item)));
  const others = ties.filter((item) => !isIntegerId(idOf(item)));
  const byId = (a: T, b: T) => compareIds(idOf(a), idOf(b));
  numbers.sort(byId);
  others.sort(byId);
  const merged: T[] = [];
  let i = 0;
  let j = 0;
  while (i < numbers.length || j < others.length) {
    const number = numbers[i];
    const other = others[j];
    if (other === undefined || (number !== undefined && byId(number, other) < 0)) {
      merged.push(number as T);
      i += 1;
    } else {
      merged.push(other);
      j += 1;
    }
  }
  return merged;
}
