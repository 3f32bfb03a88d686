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
