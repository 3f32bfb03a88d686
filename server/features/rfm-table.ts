import { DAY_MS } from '@/server/core/durations';
import { Money, moneyText } from '@/server/core/money';

/** What a customer bought up to an instant. */
export interface Purchaser {
  customer: string;
  /** ms */
  lastOrderAt: number;
  orders: number;
  /** sum of order totals less refunds, exact decimal text */
  monetary: string;
}

export interface RfmRow {
  customer: string;
  /** whole days since the last order */
  recencyDays: number;
  frequency: number;
  monetary: string;
  /** scores 1 (worst) to 5 (best) */
  r: number;
  f: number;
  m: number;
}

const QUINTILES = [1, 2, 3, 4];
const PARTS = 5;

/**
 * Recency, frequency and monetary value of the customers with an order, as of an instant (ms), with scores by
 * quintiles. A boundary between two quintiles is a value that some customer has: the one at rank ⌈(n − 1) × k ÷ 5⌉ from
 * the smallest, counted from 0; who is at a boundary is on its lower side. So equal values always have equal scores, and
 * quintiles need not be of equal size.
 */
export function rfmTable(purchasers: readonly Purchaser[], asOf: number): RfmRow[] {
  const rows = purchasers
    .filter(({ orders }) => orders > 0)
    .map(({ customer, lastOrderAt, orders, monetary }) => ({
      customer,
      recencyDays: Math.max(0, Math.floor((asOf - lastOrderAt) / DAY_MS)),
      frequency: orders,
      monetary: moneyText(new Money(monetary)),
    }));
  const byNumber = (a: number, b: number) => a - b;
  const recency = scoring(
    rows.map((row) => row.recencyDays),
    byNumber,
  );
  const frequency = scoring(
    rows.map((row) => row.frequency),
    byNumber,
  );
  const monetary = scoring(
    rows.map((row) => new Money(row.monetary)),
    (a, b) => a.comparedTo(b),
  );
  return rows.map((row) => ({
    ...row,
    // The fewer the days the better.
    r: PARTS + 1 - recency(row.recencyDays),
    f: frequency(row.frequency),
    m: monetary(new Money(row.monetary)),
  }));
}

/** Gives each value its quintile, 1 for the smallest. */
function scoring<T>(values: readonly T[], compare: (a: T, b: T) => number): (value: T) => number {
  const sorted = [...values].sort(compare);
  const last = sorted.length - 1;
  const boundaries = QUINTILES.flatMap((part) => sorted[Math.ceil((last * part) / PARTS)] ?? []);
  return (value) => 1 + boundaries.filter((boundary) => compare(boundary as T, value) < 0).length;
}

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
