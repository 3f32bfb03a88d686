import { readFileSync } from 'node:fs';
import { csvFields } from './csv';
import { LineError } from './line-error';
import type { SegmentCall } from './segment-call';

export type { SegmentCall };

const SAMPLE = new URL('../../prisma/seed/samples/ibm-shop-clickstream.csv', import.meta.url);

const NAMES: Readonly<Record<string, string>> = {
  login: 'Signed In',
  browsing: 'Product List Viewed',
  add_to_cart: 'Product Added',
  checkout: 'Checkout Started',
  logout_with_purchase: 'Order Completed',
  logout_without_purchase: 'Signed Out',
};

/**
 * One line of the shop file as a call: `messageId` is the line's number from 1, the time is UTC.
 * @throws LineError when the line is not one of that file
 */
export function ibmShopCall(line: string, lineNumber: number): SegmentCall {
  const [customer, time, kind, name, category, price, basketTotal] = csvFields(line);
  const event = NAMES[kind ?? ''];
  if (!customer || !time || event === undefined) {
    throw new LineError(lineNumber, `is not of the shop's click stream: ${line.slice(0, 80)}`);
  }
  const call: SegmentCall = {
    type: 'track',
    messageId: String(lineNumber),
    userId: customer,
    event,
    timestamp: `${time}.000Z`,
    properties: {},
  };
  if (event === 'Product Added') call.properties = { name, category, price: Number(price), quantity: 1 };
  if (event === 'Order Completed') call.properties = { total: Number(basketTotal) };
  if (event === 'Checkout Started') call.properties = { value: Number(basketTotal) };
  return call;
}

/** The whole bundled file, in its own order and with its own times. */
export function readIbmShopCalls(): SegmentCall[] {
  const lines = readFileSync(SAMPLE, 'utf8').split('\n').filter(Boolean);
  return lines.map((line, index) => ibmShopCall(line, index + 1));
}
