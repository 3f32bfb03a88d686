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
 * quintiles. A boundary between two quintiles is the quantile interpolated between the two values beside it, rounded up to
 * the unit in which the values are told (a day, an order, the last decimal of any sum); who is at a boundary is on its lower
 * side. So equal values always have equal scores, and quintiles need not be of equal size.
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
  const recency = scoring(
    rows.map((row) => row.recencyDays),
    WHOLE,
  );
  const frequency = scoring(
    rows.map((row) => row.frequency),
    WHOLE,
  );
  const sums = rows.map((row) => new Money(row.monetary));
  const monetary = scoring(sums, ofMoney(sums));
  return rows.map((row, index) => ({
    ...row,
    // The fewer the days the better.
    r: PARTS + 1 - recency(row.recencyDays),
    f: frequency(row.frequency),
    m: monetary(sums[index] as Money),
  }));
}

/** What values are told in. */
interface Unit<T> {
  compare(a: T, b: T): number;
  /** so many fifths of the way from one value to the next, rounded up to the unit */
  between(below: T, above: T, fifths: number): T;
}

const WHOLE: Unit<number> = {
  compare: (a, b) => a - b,
  between: (below, above, fifths) => below + Math.ceil(((above - below) * fifths) / PARTS),
};

function ofMoney(sums: readonly Money[]): Unit<Money> {
  const decimals = sums.reduce((most, sum) => Math.max(most, sum.decimalPlaces()), 0);
  return {
    compare: (a, b) => a.comparedTo(b),
    between: (below, above, fifths) =>
      above
        .minus(below)
        .times(fifths)
        .dividedBy(PARTS)
        .plus(below)
        .toDecimalPlaces(decimals, Money.ROUND_CEIL),
  };
}

/** Gives each value its quintile, 1 for the smallest. */
function scoring<T>(values: readonly T[], { compare, between }: Unit<T>): (value: T) => number {
  const sorted = [...values].sort(compare);
  const boundaries = QUINTILES.flatMap((part) => {
    const rank = (sorted.length - 1) * part;
    const below = sorted[Math.floor(rank / PARTS)];
    const above = sorted[Math.ceil(rank / PARTS)];
    return below === undefined || above === undefined ? [] : between(below, above, rank % PARTS);
  });
  return (value) => 1 + boundaries.filter((boundary) => compare(boundary, value) < 0).length;
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
