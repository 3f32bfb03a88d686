import {
  decimalText,
  dividedBy,
  type Fraction,
  fraction,
  isAtLeast,
  negated,
  plus,
  times,
  ZERO,
} from './fraction';

/**
 * The definitions of visits and carts written down once more, for one customer, over the whole set of events at once:
 * sort, then walk. It shares nothing with the engine and knows neither partial results nor corrections.
 */
export interface OracleEvent {
  /** event time, ms */
  t: number;
  id: string;
  name: string;
  item?: string;
  /** decimal text */
  price?: string;
  quantity?: number;
  currency?: string;
  /** decimal text */
  total?: string;
}

export interface OracleFact {
  kind: string;
  at: number;
  amount?: string;
  currency?: string;
}

export interface OracleSettings {
  visitGapMs: number;
  cartGapMs: number;
  currency: string;
}

export interface OracleVisit {
  start: number;
  last: number;
  events: number;
}

const CART_EVENTS = [
  'Product Added',
  'Product Removed',
  'Cart Viewed',
  'Checkout Started',
  'Coupon Applied',
  'Payment Failed',
];

export function inEventOrder(events: readonly OracleEvent[]): OracleEvent[] {
  return [...events].sort((a, b) => a.t - b.t || compareMessageIds(a.id, b.id));
}

function compareMessageIds(a: string, b: string): number {
  if (/^-?\d+$/.test(a) && /^-?\d+$/.test(b)) {
    const difference = BigInt(a) - BigInt(b);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

export function visitsOf(ordered: readonly OracleEvent[], gapMs: number): OracleVisit[] {
  const visits: OracleVisit[] = [];
  for (const { t } of ordered) {
    const visit = visits.at(-1);
    if (visit !== undefined && t - visit.last <= gapMs) {
      visit.last = t;
      visit.events += 1;
    } else visits.push({ start: t, last: t, events: 1 });
  }
  return visits;
}

interface Line {
  item: string;
  currency: string;
  quantity: Fraction;
  value: Fraction;
}

interface Cart {
  currency: string;
  lines: Line[];
  lastAt: number;
}

/** Every fact of one customer, once all there is to come has come and every timer has fired. */
export function factsOf(events: readonly OracleEvent[], settings: OracleSettings): OracleFact[] {
  const ordered = inEventOrder(events);
  const visits = visitsOf(ordered, settings.visitGapMs);
  const facts: OracleFact[] = visits.map(({ start }) => ({ kind: 'visit', at: start }));
  let cart: Cart | null = null;
  let abandoned: { lastAt: number } | null = null;

  const abandon = (open: Cart) => {
    facts.push({
      kind: 'cartAbandoned',
      at: open.lastAt + settings.cartGapMs,
      amount: cartValueOf(open),
      currency: open.currency,
    });
    abandoned = { lastAt: open.lastAt };
    cart = null;
  };

  for (const event of ordered) {
    const open: Cart | null = cart;
    if (open !== null && (open as Cart).lastAt + settings.cartGapMs <= event.t) abandon(open);
    const currency = event.currency ?? settings.currency;
    if (event.name === 'Order Refunded') {
      facts.push({
        kind: 'refund',
        at: event.t,
        amount: decimalText(fraction(event.total ?? '0')),
        currency,
      });
    } else if (event.name === 'Order Completed') {
      const amount = decimalText(fraction(event.total ?? '0'));
      facts.push({ kind: 'order', at: event.t, amount, currency });
      facts.push({ kind: orderKind(event.t), at: event.t, amount, currency });
    } else if (CART_EVENTS.includes(event.name)) touch(event, currency);
  }
  if (cart !== null) abandon(cart);
  return facts.sort((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));

  function orderKind(at: number): string {
    if (cart !== null) {
      cart = null;
      return 'cartConverted';
    }
    const sought = abandoned;
    if (sought === null) return 'directOrder';
    const visit = visits.find(({ start, last }) => start <= sought.lastAt && sought.lastAt <= last);
    if (visit === undefined || at > visit.last) return 'directOrder';
    abandoned = null;
    return 'cartRecovered';
  }

  function touch(event: OracleEvent, currency: string): void {
    if (cart === null) {
      if (event.name !== 'Product Added') return;
      cart = { currency, lines: [], lastAt: event.t };
      facts.push({ kind: 'cartOpened', at: event.t });
    }
    cart.lastAt = event.t;
    if (event.name === 'Product Added') addTo(cart, event, currency);
    if (event.name !== 'Product Removed') return;
    takeFrom(cart, event, settings.currency);
    if (cart.lines.length > 0) return;
    facts.push({ kind: 'cartEmptied', at: event.t });
    cart = null;
  }
}

function addTo(cart: Cart, event: OracleEvent, currency: string): void {
  const quantity = fraction(String(event.quantity ?? 1));
  const value = times(fraction(event.price ?? '0'), quantity);
  const line = cart.lines.find((held) => held.item === event.item && held.currency === currency);
  if (line === undefined) cart.lines.push({ item: event.item ?? '', currency, quantity, value });
  else {
    line.quantity = plus(line.quantity, quantity);
    line.value = plus(line.value, value);
  }
}

function takeFrom(cart: Cart, event: OracleEvent, usual: string): void {
  const wanted = event.currency ?? usual;
  const line =
    cart.lines.find((held) => held.item === event.item && held.currency === wanted) ??
    (event.currency === undefined ? cart.lines.find((held) => held.item === event.item) : undefined);
  if (line === undefined) return;
  const quantity = fraction(String(event.quantity ?? 1));
  if (isAtLeast(quantity, line.quantity)) {
    cart.lines = cart.lines.filter((held) => held !== line);
    return;
  }
  const average = dividedBy(line.value, line.quantity);
  line.value = plus(line.value, negated(times(average, quantity)));
  line.quantity = plus(line.quantity, negated(quantity));
}

function cartValueOf(cart: Cart): string {
  const own = cart.lines.filter((line) => line.currency === cart.currency);
  return decimalText(own.reduce((sum, line) => plus(sum, line.value), ZERO));
}
