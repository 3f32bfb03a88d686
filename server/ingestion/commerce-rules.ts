import { type Refusal, refuse } from './refusal';

/** Amounts beyond these are slips of a unit or of a pointer, and would not fit the columns of sums. */
const MAX_PRICE = 1e9;
const MAX_ADDED = 1e5;
const MAX_TOTAL = 1e12;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const MAX_CURRENCY_LENGTH = 8;
/** Where an order's total may stand: the first that is given holds. */
const TOTALS = ['total', 'revenue', 'value'] as const;

/** By a name that anybody chooses: a map, since an object would know `constructor` too. */
const RULES = new Map<string, (properties: Record<string, unknown>) => Refusal | null>([
  ['Product Added', (properties) => checkItem(properties, MAX_ADDED)],
  // It takes what is held at most: whoever clears a line may name any number.
  ['Product Removed', (properties) => checkItem(properties, Number.POSITIVE_INFINITY)],
  ['Order Completed', checkOrder],
  ['Order Refunded', checkRefund],
]);

/**
 * Refuses amounts that would make a cart or a sum wrong, and brings the spellings in use to one: an order's `total` is
 * its `total`, else `revenue`, else `value`, a refund's without a sign; currencies are upper case. Changes `properties` in place.
 */
export function checkCommerce(name: string, properties: Record<string, unknown>): Refusal | null {
  const rule = RULES.get(name);
  if (rule === undefined) return null;
  return checkCurrency(properties) ?? rule(properties);
}

function checkItem(properties: Record<string, unknown>, maxQuantity: number): Refusal | null {
  const quantity = amount(properties.quantity, 1);
  if (Number.isNaN(quantity)) return refuse('invalid', 'properties.quantity', 'Must be a number.');
  if (quantity <= 0) return refuse('invalid', 'properties.quantity', 'Must be greater than 0.');
  if (quantity > maxQuantity)
    return refuse('invalid', 'properties.quantity', `Must be at most ${maxQuantity}.`);
  const price = amount(properties.price, 0);
  if (Number.isNaN(price)) return refuse('invalid', 'properties.price', 'Must be a number.');
  if (price < 0) return refuse('invalid', 'properties.price', 'Must not be negative.');
  return price > MAX_PRICE ? refuse('invalid', 'properties.price', `Must be at most ${MAX_PRICE}.`) : null;
}

function checkOrder(properties: Record<string, unknown>): Refusal | null {
  const name = TOTALS.find((one) => properties[one] !== undefined && properties[one] !== null);
  if (name === undefined) return null;
  const total = properties[name];
  const value = amount(total, 0);
  if (Number.isNaN(value)) return refuse('invalid', `properties.${name}`, 'Must be a number.');
  if (Math.abs(value) > MAX_TOTAL)
    return refuse('invalid', `properties.${name}`, `Must be at most ${MAX_TOTAL}.`);
  properties.total = total;
  return null;
}

/** What was paid back is subtracted, whether its sender writes it with a minus or without. */
function checkRefund(properties: Record<string, unknown>): Refusal | null {
  const refusal = checkOrder(properties);
  const { total } = properties;
  if (typeof total === 'number') properties.total = Math.abs(total);
  else if (typeof total === 'string') properties.total = total.replace(/^-/, '');
  return refusal;
}

function checkCurrency(properties: Record<string, unknown>): Refusal | null {
  const { currency } = properties;
  if (currency === undefined || currency === null) return null;
  if (typeof currency !== 'string' || currency.length > MAX_CURRENCY_LENGTH) {
    return refuse('invalid', 'properties.currency', 'Must be a currency code such as USD.');
  }
  const code = currency.trim().toUpperCase();
  if (code !== currency) properties.currency = code;
  return null;
}

/** A number, or a decimal number as text; NaN for anything else. */
function amount(value: unknown, absent: number): number {
  if (value === undefined || value === null) return absent;
  if (typeof value === 'number') return Number.isFinite(value) ? value : Number.NaN;
  return typeof value === 'string' && value.length <= 30 && DECIMAL.test(value) ? Number(value) : Number.NaN;
}
