import type { Json, JsonObject } from '@/server/core/json';
import { hash32 } from '@/server/core/partition';
import { type CustomerEvent, PLATFORMS } from '@/server/event-log/records';
import { type Amount, isPositive, readAmount } from './amount';
import {
  ADD,
  type CartEntry,
  type CartKind,
  CHECKOUT,
  type ContextEntry,
  ORDER,
  PAYMENT_FAILED,
  type PlatformIndex,
  REMOVE,
  VIEW,
} from './customer-state';
import { knownIndex } from './known-names';

/** Text kept from properties is cut here: state stays bounded whatever is sent. */
const MAX_TEXT = 64;
const MAX_NAME = 60;
/** Ids longer than this are kept in the context as a hash: there they only order events of one instant. */
const MAX_CONTEXT_ID = 12;
/** as many as four letters and digits can tell apart */
const CONTEXT_IDS = 36 ** 4;

const CART_KIND = new Map<string, CartKind>([
  ['Product Added', ADD],
  ['Product Removed', REMOVE],
  ['Cart Viewed', VIEW],
  ['Coupon Applied', VIEW],
  ['Checkout Started', CHECKOUT],
  ['Payment Failed', PAYMENT_FAILED],
  ['Order Completed', ORDER],
]);

/** Steps of the funnel after the visit itself: event name → 1 viewed, 2 added, 3 checkout, 4 ordered. */
const STEP = new Map<string, number>([
  ['Product Viewed', 1],
  ['Product List Viewed', 1],
  ['Product Clicked', 1],
  ['Product Added', 2],
  ['Checkout Started', 3],
  ['Order Completed', 4],
]);

const PLATFORM_INDEX = new Map<string, PlatformIndex>(PLATFORMS.map((platform, index) => [platform, index]));

export function platformIndex(event: CustomerEvent): PlatformIndex {
  return PLATFORM_INDEX.get(event.pl) ?? 0;
}

export function funnelStep(event: CustomerEvent): number {
  return event.y === 'track' ? (STEP.get(event.n) ?? 0) : 0;
}

/** Text of a property: a string, or a number as sent. Empty when absent. */
export function textOf(value: Json | undefined, max = MAX_TEXT): string {
  if (typeof value === 'string') return value.length > max ? value.slice(0, max) : value;
  return typeof value === 'number' ? String(value) : '';
}

/** `product_id`, else `sku`, else `name`. Cut by a hash beyond the bound, so that two long ids stay two. */
export function itemOf(p: JsonObject): string {
  const id = textOf(p.product_id, 1_000) || textOf(p.sku, 1_000) || textOf(p.name, 1_000);
  return id.length > MAX_TEXT ? `${id.slice(0, MAX_TEXT - 8)}#${hash32(id).toString(36)}` : id;
}

export function currencyOf(p: JsonObject): string {
  const currency = p.currency;
  return typeof currency === 'string' && currency !== '' ? currency.slice(0, 8).toUpperCase() : '';
}

function quantityOf(p: JsonObject): number {
  const quantity = Number(p.quantity ?? 1);
  return quantity > 0 && Number.isFinite(quantity) ? quantity : 1;
}

function priceOf(p: JsonObject): Amount {
  const price = readAmount(p.price);
  return price !== null && isPositive(price) ? price : 0;
}

/** `total` of an order or refund; `revenue`, then `value`, stand in where no total is named. */
export function totalOf(p: JsonObject): Amount {
  return readAmount(p.total) ?? readAmount(p.revenue) ?? readAmount(p.value) ?? 0;
}

/** What an event says of a purchase. */
export interface Purchase {
  kind: 'order' | 'refund';
  total: Amount;
  currency: string;
}

/** The order or refund an event tells of, in `currency` unless it names its own; null: none. */
export function purchaseOf(
  { y, n, p }: Pick<CustomerEvent, 'y' | 'n' | 'p'>,
  currency: string,
): Purchase | null {
  if (y !== 'track') return null;
  const kind = n === 'Order Completed' ? 'order' : n === 'Order Refunded' ? 'refund' : null;
  return kind && { kind, total: totalOf(p), currency: currencyOf(p) || currency };
}

/** The cart buffer's entry of an event, or null when it is no cart event and no order. */
export function cartEntryOf(event: CustomerEvent): CartEntry | null {
  if (event.y !== 'track') return null;
  const kind = CART_KIND.get(event.n);
  if (kind === undefined) return null;
  const { t, id, p } = event;
  const platform = platformIndex(event);
  if (kind === ADD || kind === REMOVE) {
    const item = itemOf(p);
    const price = kind === ADD ? priceOf(p) : 0;
    const title = kind === ADD ? textOf(p.name) : '';
    // Made in one piece: an array that grows is copied into one thrice as large.
    if (title === '' || title === item)
      return [t, id, kind, platform, price, currencyOf(p), item, quantityOf(p)];
    return [t, id, kind, platform, price, currencyOf(p), item, quantityOf(p), title];
  }
  if (kind === ORDER) return [t, id, kind, platform, totalOf(p), currencyOf(p)];
  return [t, id, kind, platform];
}

const TYPE_MARK = { track: '', page: '/', screen: '#', identify: '~', group: '~', alias: '~' } as const;

/** The event as it stands among the last 20: no free text, no personal data, only what names and prices it. */
export function contextEntryOf(event: CustomerEvent): ContextEntry {
  const { p } = event;
  const known = event.y === 'track' ? knownIndex(event.n) : undefined;
  const name = known ?? `${TYPE_MARK[event.y]}${event.n.slice(0, MAX_NAME)}`;
  const entry: ContextEntry = [event.t, contextId(event.id), name, platformIndex(event)];
  if (event.y !== 'track') return entry;
  const item = textOf(p.name, 40) || textOf(p.product_id, 40) || textOf(p.sku, 40);
  const amount = readAmount(p.total ?? p.price ?? p.value);
  if (item !== '' || amount !== null) entry.push(item);
  if (amount === null) return entry;
  entry.push(amount);
  const currency = currencyOf(p);
  if (currency !== '') entry.push(currency);
  return entry;
}

export function contextId(id: string): string {
  return id.length <= MAX_CONTEXT_ID ? id : (hash32(id) % CONTEXT_IDS).toString(36);
}
