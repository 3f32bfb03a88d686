import type { SegmentCall } from '../segment-call';
import { percentOf } from './people';

/** A line of the shop file, or one made up beside it. */
export interface Line {
  /** ms after the run began */
  offset: number;
  number: number;
  /** by the order in which they come, from 0 */
  customer: number;
  call: SegmentCall;
  /** whether the customer does it in this visit; absent: always */
  onlyIf?: (visit: string) => boolean;
}

const MINUTE_MS = 60_000;
/** Numbers of made-up lines, beyond those of the file and of what is told beside it. */
const RETURNS_FROM = 100_000;
/** Who left the checkout comes back before it is given up for lost. */
const BACK_AT_CHECKOUT_PERCENT = 97;
const BACK_AT_CHECKOUT_MS = 7 * MINUTE_MS;
/** Who left a cart looks around again, and orders in the same visit after the cart counted as abandoned. */
const RECOVERS_PERCENT = 6;
const LOOKS_AGAIN_MS = [13 * MINUTE_MS, 25 * MINUTE_MS];
const RECOVERS_MS = 33 * MINUTE_MS;

/** What the customers who left without an order do later, in order of time. */
export function returnsOf(lines: readonly Line[]): Line[] {
  const made: Line[] = [];
  const add = (line: Line, laterMs: number, onlyIf: Line['onlyIf'], call: Partial<SegmentCall>) =>
    made.push({
      ...line,
      offset: line.offset + laterMs,
      number: RETURNS_FROM + made.length,
      onlyIf,
      call: { ...line.call, ...call },
    });
  for (const own of Map.groupBy(lines, ({ customer }) => customer).values()) {
    const last = own.findLast(
      ({ call }) => call.event === 'Product Added' || call.event === 'Checkout Started',
    );
    if (!last || own.some(({ call }) => call.event === 'Order Completed')) continue;
    const order = { event: 'Order Completed', properties: { total: sumOf(own) } };
    if (last.call.event === 'Checkout Started') {
      const comesBack = (visit: string) => percentOf(visit, 'comes back') < BACK_AT_CHECKOUT_PERCENT;
      add(last, BACK_AT_CHECKOUT_MS, comesBack, order);
      continue;
    }
    const recovers = (visit: string) => percentOf(visit, 'recovers') < RECOVERS_PERCENT;
    for (const laterMs of LOOKS_AGAIN_MS)
      add(last, laterMs, recovers, { event: 'Product List Viewed', properties: {} });
    add(last, RECOVERS_MS, recovers, order);
  }
  return made.sort((a, b) => a.offset - b.offset);
}

function sumOf(lines: readonly Line[]): number {
  const cents = lines
    .filter(({ call }) => call.event === 'Product Added')
    .reduce((sum, { call }) => sum + Math.round(Number(call.properties?.price ?? 0) * 100), 0);
  return cents / 100;
}
