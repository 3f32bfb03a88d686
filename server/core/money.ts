import { Decimal } from 'decimal.js';

/** Exact decimal money. Sums and products never pass through binary floating point. */
export const Money = Decimal.clone({
  precision: 40,
  rounding: Decimal.ROUND_HALF_EVEN,
  toExpNeg: -30,
  toExpPos: 30,
});
export type Money = Decimal;

/** Plain decimal text without exponent or trailing zeros: the form kept in state, facts and answers. */
export function moneyText(value: Decimal): string {
  return value.toFixed();
}
