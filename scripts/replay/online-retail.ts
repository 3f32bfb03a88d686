import { Money, moneyText } from '@/server/core/money';
import { csvFields } from './csv';
import { LineError } from './line-error';
import type { SegmentCall } from './segment-call';

const MAX_PRODUCTS = 6;
/** The data set is published twice, with the columns in the same order under other names. */
const HEADER = /^\uFEFF?Invoice(No)?$/;
/** Each writes the first of December 2010 its own way: `2010-12-01 08:26:00` and, month first, `12/1/2010 8:26`. */
const DASHED = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/;
const SLASHED = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}:\d\d)$/;
const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

interface Invoice {
  id: string;
  at: string;
  customer: string;
  country: string;
  total: Money;
  products: { product_id: string; name: string; price: number; quantity: number }[];
}

/**
 * Invoice lines as orders: the lines of an invoice follow one another and become one `Order Completed`; a returned
 * invoice (its number begins with C) becomes `Order Refunded`. Amounts are exact. Invoices without a customer are
 * keyed by the invoice, as a guest; adjustments that are neither are left out.
 * @throws LineError when a line is not one of that file
 */
export function* onlineRetailCalls(lines: Iterable<string>): Generator<SegmentCall> {
  let open: Invoice | undefined;
  let number = 0;
  for (const line of lines) {
    number += 1;
    const [id = '', sku = '', name = '', quantity = '', time = '', price = '', customer = '', country = ''] =
      csvFields(line);
    if (HEADER.test(id) || id === '') continue;
    if (open?.id !== id) {
      if (open) yield* callOf(open);
      open = { id, at: timestampOf(time, number), customer, country, total: new Money(0), products: [] };
    }
    open.total = open.total.plus(amountOf(price, number).times(amountOf(quantity, number)));
    if (open.products.length < MAX_PRODUCTS) {
      open.products.push({
        product_id: sku,
        name: name.trim(),
        price: Number(price),
        quantity: Math.abs(Number(quantity)),
      });
    }
  }
  if (open) yield* callOf(open);
}

function timestampOf(time: string, lineNumber: number): string {
  const [, month = '', day = '', year, clock = ''] = SLASHED.exec(time) ?? [];
  const dashed = year
    ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${clock.padStart(5, '0')}:00`
    : time;
  const iso = `${dashed.replace(' ', 'T')}.000Z`;
  if (DASHED.test(dashed) && !Number.isNaN(Date.parse(iso))) return iso;
  throw new LineError(lineNumber, `has no time that can be read: ${time}`);
}

function amountOf(text: string, lineNumber: number): Money {
  if (!NUMBER.test(text)) throw new LineError(lineNumber, `has no number where one must be: ${text}`);
  return new Money(text);
}

function* callOf({ id, at, customer, country, total, products }: Invoice): Generator<SegmentCall> {
  const isReturn = id.startsWith('C');
  if (total.isZero() || total.isNegative() !== isReturn) return;
  const key = customer.replace(/\.0$/, '');
  yield {
    type: 'track',
    messageId: id,
    ...(key === '' ? { anonymousId: `guest-${id}` } : { userId: key }),
    event: isReturn ? 'Order Refunded' : 'Order Completed',
    timestamp: at,
    properties: { order_id: id, total: moneyText(total.abs()), currency: 'GBP', country, products },
  };
}
