import type { CustomerState, SealedCarts } from './customer-state';
import { entryCount, timeAt } from './entry-text';

/** Entries of one sealed part, see `sealed-carts.ts`. */
export const PART_ENTRIES = 16;
const RADIX = 36;

/** First times of the sealed parts, oldest first, ms. */
export function firstTimes(sealed: SealedCarts): number[] {
  let t = 0;
  return sealed.t.split('.').map((delta) => {
    t += Number.parseInt(delta, RADIX);
    return t;
  });
}

/** The same as text: the first whole, of the others what they are later than the one before. */
export function timesText(times: readonly number[]): string {
  return times.map((t, at) => (t - (times[at - 1] ?? 0)).toString(RADIX)).join('.');
}

/** When the cart buffer begins, ms; infinity when it is empty. */
export function bufferStart({ hd, sl, cb }: CustomerState): number {
  const head = hd ?? (sl === undefined ? cb : '');
  if (head !== '') return timeAt(head, 0);
  return (sl && firstTimes(sl)[0]) ?? Number.POSITIVE_INFINITY;
}

/** Entries in the cart buffer, sealed ones included. */
export function bufferLength({ hd, sl, cb }: CustomerState): number {
  const parts = sl === undefined ? 0 : sl.t.split('.').length;
  return entryCount(hd ?? '') + parts * PART_ENTRIES + entryCount(cb);
}
