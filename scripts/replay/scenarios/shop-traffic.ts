import { readIbmShopCalls, type SegmentCall } from '../ibm-shop';
import type { TimedCall } from '../segment-call';
import { beginsAnonymous, contextOf, GROUPS, percentOf, traitsOf } from './people';
import type { Scenario } from './scenario';

/** One run of the shop file takes this long, a moment more than its own 506 s. */
const LOOP_MS = 510_000;
/** Events a second of one run at the file's own speed: more traffic is more shops side by side. */
const RATE_OF_ONE = 20;
/** Calls that are not lines of the file take numbers beyond it. */
const BESIDE = 10_000;
const PAYMENT_FAILS_PERCENT = 14;
const FAILS_TWICE_PERCENT = 6;
const REGRETS_PERCENT = 5;
const REGRET_AFTER_MS = 9_000;
const FAIL_AFTER_MS = 2_500;
const RETRY_AFTER_MS = 21_000;

interface Line {
  offset: number;
  number: number;
  customer: number;
  call: SegmentCall;
}

/**
 * The shop file over and over. Every run belongs to the next of six groups of customers, so that a customer is away
 * for three quarters of an hour between runs, and carts that are left are abandoned.
 */
export function shopTraffic(): Scenario {
  const lines = numbered(readIbmShopCalls());
  return {
    name: 'shop',
    between(from, to, eventsPerSecond) {
      const shops = Math.max(1, Math.ceil(eventsPerSecond / RATE_OF_ONE));
      const part = Math.min(1, eventsPerSecond / RATE_OF_ONE / shops);
      const found: TimedCall[] = [];
      for (let loop = Math.floor(from / LOOP_MS); loop * LOOP_MS < to; loop += 1) {
        const begin = loop * LOOP_MS;
        for (let shop = 0; shop < shops; shop += 1) {
          for (const line of within(lines, from - begin - RETRY_AFTER_MS, to - begin)) {
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
  if (event === 'Checkout Started') {
    return [make({ event, properties: priced(properties) }), ...failures(customer, loop, properties, make)];
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

function failures(
  customer: string,
  loop: number,
  properties: SegmentCall['properties'],
  make: (call: Partial<SegmentCall>, beside: number, laterMs: number) => TimedCall,
): TimedCall[] {
  const draw = percentOf(`${customer}/${loop}`, 'payment');
  if (draw >= PAYMENT_FAILS_PERCENT) return [];
  const reason = draw % 2 === 0 ? 'card declined' : 'confirmation timed out';
  const failed = { event: 'Payment Failed', properties: { ...priced(properties), reason } };
  const first = make(failed, 1, FAIL_AFTER_MS);
  return draw < FAILS_TWICE_PERCENT ? [first, make(failed, 2, RETRY_AFTER_MS)] : [first];
}
