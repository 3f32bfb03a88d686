import { Money, moneyText } from '@/server/core/money';
import type { Purchaser } from './rfm-table';

/** One signed order or refund, as facts tell it. */
export interface PurchaseFact {
  kind: 'order' | 'refund';
  customer: string;
  /** ms */
  at: number;
  sign: 1 | -1;
  amount: string;
}

/** Adds orders and refunds up to an instant (`asOf`, ms, included) up per customer, in any order of the facts. */
export function purchasersOf(facts: Iterable<PurchaseFact>, asOf: number): Purchaser[] {
  const times = new Map<string, Map<number, number>>();
  const sums = new Map<string, Money>();
  for (const { kind, customer, at, sign, amount } of facts) {
    if (at > asOf) continue;
    const signed = new Money(amount).times(kind === 'order' ? sign : -sign);
    sums.set(customer, (sums.get(customer) ?? new Money(0)).plus(signed));
    if (kind === 'refund') continue;
    let orders = times.get(customer);
    if (orders === undefined) {
      orders = new Map();
      times.set(customer, orders);
    }
    orders.set(at, (orders.get(at) ?? 0) + sign);
  }
  return [...times].flatMap(([customer, orders]) => purchaserOf(customer, orders, sums.get(customer)));
}

function purchaserOf(customer: string, times: Map<number, number>, sum: Money | undefined): Purchaser[] {
  let orders = 0;
  let lastOrderAt = Number.NEGATIVE_INFINITY;
  for (const [at, count] of times) {
    orders += count;
    if (count > 0 && at > lastOrderAt) lastOrderAt = at;
  }
  return orders > 0 ? [{ customer, orders, lastOrderAt, monetary: moneyText(sum ?? new Money(0)) }] : [];
}
