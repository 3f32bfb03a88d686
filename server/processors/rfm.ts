import { type Amount, addAmounts, negateAmount } from './amount';
import type { CustomerState, Purchases } from './customer-state';

/** Orders and refunds have no window: every one counts, however late. Sums stay apart by currency. */
export function addOrder(state: CustomerState, t: number, total: Amount, currency: string): void {
  const purchases = purchasesOf(state);
  purchases.l = purchases.o === 0 ? t : Math.max(purchases.l, t);
  purchases.o += 1;
  addTo(purchases, currency, total);
}

export function addRefund(state: CustomerState, total: Amount, currency: string): void {
  const purchases = purchasesOf(state);
  purchases.r += 1;
  addTo(purchases, currency, negateAmount(total));
}

export function mergePurchases(a: Purchases | undefined, b: Purchases | undefined): Purchases | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const merged: Purchases = { o: a.o + b.o, l: lastOrder(a, b), m: { ...a.m }, r: a.r + b.r };
  for (const [currency, amount] of Object.entries(b.m)) addTo(merged, currency, amount);
  return merged;
}

function lastOrder(a: Purchases, b: Purchases): number {
  if (a.o === 0) return b.l;
  return b.o === 0 ? a.l : Math.max(a.l, b.l);
}

function purchasesOf(state: CustomerState): Purchases {
  state.rf ??= { o: 0, l: 0, m: {}, r: 0 };
  return state.rf;
}

function addTo(purchases: Purchases, currency: string, amount: Amount): void {
  purchases.m[currency] = addAmounts(purchases.m[currency] ?? 0, amount);
}
