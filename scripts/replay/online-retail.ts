import { Money, moneyText } from '@/server/core/money';
import { csvFields } from './csv';
import type { SegmentCall } from './segment-call';

const MAX_PRODUCTS = 6;

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
 */
export function* onlineRetailCalls(lines: Iterable<string>): Generator<SegmentCall> {
  let open: Invoice | undefined;
  for (const line of lines) {
    const [id = '', sku = '', name = '', quantity = '', time = '', price = '', customer = '', country = ''] =
      csvFields(line);
    if (id === 'Invoice' || id === '') continue;
    if (open?.id !== id) {
      if (open) yield* callOf(open);
      open = { id, at: time, customer, country, total: new Money(0), products: [] };
    }
    open.total = open.total.plus(new Money(price).times(quantity));
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

function* callOf({ id, at, customer, country, total, products }: Invoice): Generator<SegmentCall> {
  const isReturn = id.startsWith('C');
  if (total.isZero() || total.isNegative() !== isReturn) return;
  const key = customer.replace(/\.0$/, '');
  yield {
    type: 'track',
    messageId: id,
    ...(key === '' ? { anonymousId: `guest-${id}` } : { userId: key }),
    event: isReturn ? 'Order Refunded' : 'Order Completed',
    timestamp: `${at.replace(' ', 'T')}.000Z`,
    properties: { order_id: id, total: moneyText(total.abs()), currency: 'GBP', country, products },
  };
}
