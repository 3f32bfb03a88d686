import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { onlineRetailCalls } from '../online-retail';
import type { SegmentCall } from '../segment-call';
import { shopperKey } from './shop-traffic';

const SAMPLE = new URL('../../../prisma/seed/samples/online-retail-invoices.csv.gz', import.meta.url);
const DAY_MS = 86_400_000;
/** Customers of a group of shoppers; groups are taken in turn, so that each has some with a history. */
const PER_GROUP = 160;

/**
 * Orders and returns of the past year for the customers who then come to the shop, ending the day before `now`. In order
 * of time, so that they can be sent before any live event.
 */
export function invoiceHistory(now: number): SegmentCall[] {
  const lines = gunzipSync(readFileSync(SAMPLE)).toString('utf8').split('\n');
  const calls = [...onlineRetailCalls(lines)];
  const last = Math.max(...calls.map((call) => Date.parse(call.timestamp)));
  const shift = Math.floor((now - last) / DAY_MS) * DAY_MS;
  const numbers = new Map<string, number>();
  return calls.map((call, index) => {
    const moved = {
      ...call,
      messageId: `invoices:0:${index + 1}`,
      context: { library: { name: 'analytics-node' } },
    };
    moved.timestamp = new Date(Date.parse(call.timestamp) + shift).toISOString();
    moved.properties = { ...call.properties, currency: 'USD' };
    if (call.userId !== undefined) moved.userId = shopperOf(call.userId, numbers);
    return moved;
  });
}

function shopperOf(key: string, numbers: Map<string, number>): string {
  const number = numbers.get(key) ?? numbers.size;
  numbers.set(key, number);
  return shopperKey(number % PER_GROUP, Math.floor(number / PER_GROUP));
}
