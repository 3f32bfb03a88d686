import type { CustomerEvent } from '@/server/event-log/records';
import { deniedFor, PURPOSES } from '@/server/privacy/purpose.schema';
import type { RuleCard } from '@/server/processors';

/**
 * What a condition sees: three typed values, `event`, `card` and `consent`. They are thin views made once per event
 * that some rule wants; numbers are doubles (conditions compare money, they never sum it).
 */

const MS_PER_SECOND = 1_000;
const MS_PER_MINUTE = 60_000;
const MS_PER_DAY = 86_400_000;

export class EventView {
  readonly #event: CustomerEvent;
  readonly name: string;
  readonly type: string;
  readonly platform: string;
  readonly customer: string;
  readonly time: Date;
  readonly properties: Readonly<Record<string, unknown>>;

  constructor(event: CustomerEvent) {
    this.#event = event;
    this.name = event.n;
    this.type = event.y;
    this.platform = event.pl;
    this.customer = event.c;
    this.time = new Date(event.t);
    this.properties = event.p;
  }

  /** A property as a number; 0 when it is absent or is none. Digits in text count, as many clients send them so. */
  number(key: string): number {
    const value = Object.hasOwn(this.#event.p, key) ? this.#event.p[key] : undefined;
    if (typeof value === 'number') return value;
    if (typeof value !== 'string' || value.trim() === '') return 0;
    const parsed = Number(value);
    return Number.isFinite(parsed) ? parsed : 0;
  }

  /** A property as text; empty when it is absent or is neither text, number nor boolean. */
  text(key: string): string {
    const value = Object.hasOwn(this.#event.p, key) ? this.#event.p[key] : undefined;
    if (typeof value === 'string') return value;
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  }
}

export class VisitView {
  constructor(
    readonly live: boolean,
    readonly minutes: number,
    readonly events: number,
    readonly platform: string,
  ) {}
}

export class CartView {
  constructor(
    readonly open: boolean,
    readonly status: string,
    readonly value: number,
    readonly currency: string,
    readonly items: number,
    readonly idleSeconds: number,
  ) {}
}

export class ContactView {
  constructor(
    readonly open: boolean,
    readonly channel: string,
    readonly turns: number,
    readonly sentiment: number,
    readonly lastTurn: number,
  ) {}
}

const NO_CART = new CartView(false, 'none', 0, '', 0, 0);
const NO_VISIT = new VisitView(false, 0, 0, 'none');
const NO_CONTACT = new ContactView(false, 'none', 0, 0, 0);

export class CardView {
  readonly visits: number;
  readonly orders: number;
  readonly revenue: number;
  /** days since the last order; a very large number when there is none */
  readonly daysSinceOrder: number;
  readonly daysKnown: number;
  readonly visit: VisitView;
  readonly cart: CartView;
  readonly contact: ContactView;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly #card: RuleCard;
  readonly #now: number;

  constructor(card: RuleCard, now: number) {
    this.#now = now;
    this.#card = card;
    this.visits = card.visits;
    this.orders = card.orders;
    this.revenue = card.revenue;
    this.daysSinceOrder = card.lastOrderAt === undefined ? 1e9 : (now - card.lastOrderAt) / MS_PER_DAY;
    this.daysKnown = (now - card.firstSeenAt) / MS_PER_DAY;
    this.traits = card.traits;
    this.visit = card.visit ? visitView(card.visit, now) : NO_VISIT;
    this.cart = card.cart ? cartView(card.cart, now) : NO_CART;
    this.contact = card.contact
      ? new ContactView(
          true,
          card.contact.channel,
          card.contact.turns,
          card.contact.sentiment,
          card.contact.lastTurn,
        )
      : NO_CONTACT;
  }

  /** How many of the last 20 events have this name and are at most `minutes` old. */
  count(name: string, minutes: number): number {
    const since = this.#now - minutes * MS_PER_MINUTE;
    let found = 0;
    for (const event of this.#card.recent) if (event.name === name && event.at >= since) found += 1;
    return found;
  }
}

function visitView(visit: NonNullable<RuleCard['visit']>, now: number): VisitView {
  const minutes = Math.max(0, now - visit.startedAt) / MS_PER_MINUTE;
  return new VisitView(visit.live, minutes, visit.events, visit.platform);
}

function cartView(cart: NonNullable<RuleCard['cart']>, now: number): CartView {
  const idle = Math.max(0, now - cart.lastAt) / MS_PER_SECOND;
  return new CartView(cart.status !== 'abandoned', cart.status, cart.value, cart.currency, cart.items, idle);
}

export class ConsentView {
  readonly denied: readonly string[];

  constructor(denied: readonly string[]) {
    this.denied = denied;
  }

  allows(purpose: string): boolean {
    const known = PURPOSES.find((candidate) => candidate === purpose);
    return known !== undefined && !deniedFor(this.denied, known);
  }
}

/** What the condition of an audience sees: the customer, without an event. */
export interface AudienceContext extends Record<string, unknown> {
  card: CardView;
  consent: ConsentView;
}

export interface RuleContext extends AudienceContext {
  event: EventView;
}

/** @param now ms: as of when the card is read */
export function audienceContext(card: RuleCard, denied: readonly string[], now: number): AudienceContext {
  return { card: new CardView(card, now), consent: new ConsentView(denied) };
}

export function ruleContext(
  event: CustomerEvent,
  card: RuleCard,
  denied: readonly string[],
  now: number,
): RuleContext {
  return { event: new EventView(event), ...audienceContext(card, denied, now) };
}
