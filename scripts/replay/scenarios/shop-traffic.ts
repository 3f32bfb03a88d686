import { readIbmShopCalls, type SegmentCall } from '../ibm-shop';
import type { TimedCall } from '../segment-call';
import { LAST_FAILURE_MS, LATEST_ORDER_MS, PAID_AT_ONCE, paymentOf } from './payment';
import { beginsAnonymous, contextOf, GROUPS, percentOf, traitsOf } from './people';
import { type Line, returnsOf } from './returns';
import type { Scenario } from './scenario';

/** One run of the shop file takes this long, a moment more than its own 506 s. */
const LOOP_MS = 510_000;
/** A customer is back after so long, and does what the file says once more. */
export const AWAY_MS = GROUPS * LOOP_MS;
/** Events a second of one run at the file's own speed: more traffic is more shops side by side. */
export const RATE_OF_ONE = 20;
/** Calls that are not lines of the file take numbers beyond it. */
const BESIDE = 10_000;
const REGRETS_PERCENT = 5;
const REGRET_AFTER_MS = 9_000;

/** Lines that are looked through together: none causes a call later than this after its own time. */
interface Track {
  lines: readonly Line[];
  latestMs: number;
}

/**
 * The shop file over and over. Every run belongs to the next of six groups of customers, so that a customer is away
 * for three quarters of an hour between runs, and carts that are left are abandoned.
 */
export function shopTraffic(): Scenario {
  const lines = numbered(readIbmShopCalls());
  const isOrder = ({ call }: Line) => call.event === 'Order Completed';
  const tracks: Track[] = [
    { lines: lines.filter((line) => !isOrder(line)), latestMs: Math.max(LAST_FAILURE_MS, REGRET_AFTER_MS) },
    { lines: lines.filter(isOrder), latestMs: LATEST_ORDER_MS },
    { lines: returnsOf(lines), latestMs: 0 },
  ];
  const longestMs = Math.max(...tracks.map((track) => (track.lines.at(-1)?.offset ?? 0) + track.latestMs));
  return {
    name: 'shop',
    between(from, to, eventsPerSecond) {
      const shops = Math.max(1, Math.ceil(eventsPerSecond / RATE_OF_ONE));
      const part = Math.min(1, eventsPerSecond / RATE_OF_ONE / shops);
      const found: TimedCall[] = [];
      for (let loop = Math.floor((from - longestMs) / LOOP_MS); loop * LOOP_MS < to; loop += 1) {
        const begin = loop * LOOP_MS;
        for (let shop = 0; shop < shops; shop += 1) {
          for (const line of linesBetween(tracks, from - begin, to - begin)) {
            if (percentOf(`${shop}/${line.customer}`, 'part') >= part * 100) continue;
            for (const call of callsOf(line, begin, loop, shop)) {
              if (call.at >= from && call.at < to) found.push(call);
            }
          }
        }
      }
      return found.sort((a, b) => a.at - b.at);
    },
  };
}

/** Customers of the file by the order in which they come, from 0. */
function numbered(calls: SegmentCall[]): Line[] {
  const numbers = new Map<string, number>();
  const [first] = calls;
  const start = Date.parse(first?.timestamp ?? '');
  return calls.map((call, index) => {
    const key = call.userId ?? '';
    const customer = numbers.get(key) ?? numbers.size;
    numbers.set(key, customer);
    return { offset: Date.parse(call.timestamp) - start, number: index + 1, customer, call };
  });
}

function linesBetween(tracks: readonly Track[], from: number, to: number): Line[] {
  // Events of one second are spread over it: a line may cause a call up to a second after its own.
  return tracks.flatMap(({ lines, latestMs }) => within(lines, from - latestMs - 1_000, to));
}

function within(lines: readonly Line[], from: number, to: number): Line[] {
  return lines.slice(lowest(lines, from), lowest(lines, to));
}

/** Index of the first line at or after an offset. */
function lowest(lines: readonly Line[], offset: number): number {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.offset ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Key of the customer who is in the shop as the file's n-th in a run. */
export function shopperKey(number: number, loop: number, shop = 0): string {
  return `customer-${shop * 10_000 + (loop % GROUPS) * 1_100 + number}`;
}

function callsOf(line: Line, begin: number, loop: number, shop: number): TimedCall[] {
  const customer = shopperKey(line.customer, loop, shop);
  const visit = `${customer}/${loop}`;
  if (line.onlyIf && !line.onlyIf(visit)) return [];
  const scenario = shop === 0 ? 'shop' : `shop${shop + 1}`;
  // Events of one second are spread over it, as real ones are.
  const at = begin + line.offset + ((line.number * 37) % 1_000);
  const base = { context: contextOf(customer) };
  const id = (beside: number) => `${scenario}:${loop}:${line.number + beside * BESIDE}`;
  const make = (call: Partial<SegmentCall>, beside = 0, laterMs = 0): TimedCall => ({
    at: at + laterMs,
    call: {
      ...base,
      type: 'track',
      messageId: id(beside),
      timestamp: new Date(at + laterMs).toISOString(),
      ...whoIs(line, customer),
      ...call,
    },
  });
  const { event, properties } = line.call;
  if (event === 'Signed In') {
    const known = beginsAnonymous(customer) ? { anonymousId: `visitor-${customer}` } : {};
    return [
      make({ event }),
      make({ type: 'identify', userId: customer, ...known, traits: traitsOf(customer) }, 1, 40),
    ];
  }
  const payment = line.onlyIf ? PAID_AT_ONCE : paymentOf(visit);
  if (event === 'Order Completed') {
    const { orderLaterMs } = payment;
    return orderLaterMs === null ? [] : [make({ event, properties: priced(properties) }, 0, orderLaterMs)];
  }
  if (event === 'Checkout Started') {
    const failed = { event: 'Payment Failed', properties: { ...priced(properties), reason: payment.reason } };
    return [
      make({ event, properties: priced(properties) }),
      ...payment.failuresAfterMs.map((laterMs, index) => make(failed, index + 1, laterMs)),
    ];
  }
  const call = make({ event, properties: priced(properties) });
  const regrets = percentOf(`${customer}/${line.number}`, 'regret') < REGRETS_PERCENT;
  if (event !== 'Product Added' || !regrets) return [call];
  return [call, make({ event: 'Product Removed', properties: priced(properties) }, 3, REGRET_AFTER_MS)];
}

/** Before signing in some customers are known by their device only. */
function whoIs(line: Line, customer: string): Pick<SegmentCall, 'userId' | 'anonymousId'> {
  const early = line.call.event === 'Product List Viewed' || line.call.event === 'Signed In';
  return early && beginsAnonymous(customer) ? { anonymousId: `visitor-${customer}` } : { userId: customer };
}

function priced(properties: SegmentCall['properties']): Record<string, unknown> {
  const { price, total, value } = properties ?? {};
  const hasMoney = price !== undefined || total !== undefined || value !== undefined;
  return hasMoney ? { ...properties, currency: 'USD' } : { ...properties };
}
