import { Money, moneyText } from '@/server/core/money';

/**
 * An exact decimal in its compact form: a whole number of hundredths where that is exact and safe, else decimal
 * text. One value has one form, so that equal states give equal JSON.
 */
export type Amount = number | string;

const HUNDRED = 100;
const MAX_HUNDREDTHS = 1e14;

/** Reads a JSON number or decimal text; null when it is neither. */
export function readAmount(value: unknown): Amount | null {
  if (typeof value === 'number') {
    const hundredths = Math.round(value * HUNDRED);
    if (hundredths / HUNDRED === value && Math.abs(hundredths) <= MAX_HUNDREDTHS) return hundredths + 0;
    return Number.isFinite(value) ? compact(new Money(value)) : null;
  }
  if (typeof value !== 'string') return null;
  const plain = plainHundredths(value);
  if (plain !== null) return plain;
  if (!/^\s*[+-]?(\d+\.?\d*|\.\d+)\s*$/.test(value)) return null;
  return compact(new Money(value.trim()));
}

/** Short digits with at most two decimals, read without the decimal library; null: something else. */
function plainHundredths(text: string): number | null {
  const { length } = text;
  if (length === 0 || length > 12) return null;
  let digits = 0;
  let point = -1;
  for (let i = 0; i < length; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 46 && point < 0) point = i;
    else if (code < 48 || code > 57) return null;
    else digits = digits * 10 + (code - 48);
  }
  if (point === 0 || point === length - 1) return null;
  const decimals = point < 0 ? 0 : length - 1 - point;
  if (decimals > 2) return null;
  return decimals === 0 ? digits * 100 : decimals === 1 ? digits * 10 : digits;
}

function compact(value: Money): Amount {
  const hundredths = value.times(HUNDRED);
  if (hundredths.isInteger() && hundredths.abs().lessThanOrEqualTo(MAX_HUNDREDTHS)) {
    return hundredths.toNumber() + 0;
  }
  return moneyText(value);
}

function exact(amount: Amount): Money {
  return typeof amount === 'number' ? new Money(amount).dividedBy(HUNDRED) : new Money(amount);
}

export function addAmounts(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Math.abs(sum) <= MAX_HUNDREDTHS) return sum;
  }
  return compact(exact(a).plus(exact(b)));
}

export function negateAmount(amount: Amount): Amount {
  return typeof amount === 'number' ? 0 - amount : compact(exact(amount).negated());
}

/** `amount × quantity`; a quantity is any number above zero. */
export function timesQuantity(amount: Amount, quantity: number): Amount {
  if (typeof amount === 'number' && Number.isInteger(quantity)) {
    const product = amount * quantity;
    if (Math.abs(product) <= MAX_HUNDREDTHS) return product;
  }
  return compact(exact(amount).times(quantity));
}

/** The share `left ÷ held` of an amount: what remains at the average price. Rounded at 40 digits where it never ends. */
export function shareOf(amount: Amount, left: number, held: number): Amount {
  if (typeof amount === 'number') {
    const product = amount * left;
    if (Number.isSafeInteger(product) && Number.isInteger(held) && product % held === 0)
      return product / held;
  }
  return compact(exact(amount).times(left).dividedBy(held));
}

/** Adds two quantities exactly (quantities may be parts of a kilogram). */
export function addQuantities(a: number, b: number): number {
  const sum = a + b;
  return Number.isSafeInteger(sum) ? sum : new Money(a).plus(b).toNumber();
}

export function isPositive(amount: Amount): boolean {
  return typeof amount === 'number' ? amount > 0 : exact(amount).greaterThan(0);
}

/** Plain decimal text, the form of facts and answers. */
export function amountText(amount: Amount): string {
  if (typeof amount === 'string') return amount;
  const whole = Math.trunc(Math.abs(amount) / HUNDRED);
  const rest = Math.abs(amount) % HUNDRED;
  const sign = amount < 0 ? '-' : '';
  if (rest === 0) return `${sign}${whole}`;
  const cents = rest < 10 ? `0${rest}` : rest % 10 === 0 ? `${rest / 10}` : `${rest}`;
  return `${sign}${whole}.${cents}`;
}

/** For comparing and showing only, never for sums. */
export function amountNumber(amount: Amount): number {
  return typeof amount === 'number' ? amount / HUNDRED : Number(amount);
}
