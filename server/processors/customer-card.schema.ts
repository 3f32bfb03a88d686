import type { JsonObject } from '@/server/core/json';
import type { FactKind } from '@/server/streaming/fact';
import type { FunnelStep } from './funnel-step.schema';

/** One visit as shown. Times in ms since the epoch. */
export interface VisitCard {
  startedAt: number;
  lastAt: number;
  /** when it ended: last event + gap; absent while live */
  endedAt?: number;
  durationMs: number;
  events: number;
  platform: string;
  live: boolean;
  /** first time of each step that was reached */
  steps: Partial<Record<FunnelStep, number>>;
  /** the furthest step reached: where it dropped off, once ended without an order */
  furthest: FunnelStep;
}

export interface CartCard {
  status: 'open' | 'checkout' | 'paymentFailed';
  openedAt: number;
  lastAt: number;
  /** when it is abandoned if nothing more happens */
  abandonsAt: number;
  items: { item: string; title: string; quantity: number; value: string; currency: string }[];
  value: string;
  currency: string;
  /** values in other currencies: kept apart, never summed */
  others: { currency: string; value: string }[];
  checkoutAt?: number;
  paymentsFailed: number;
  atRisk: boolean;
}

export interface CartOutcome {
  kind: FactKind;
  at: number;
  amount?: string;
  currency?: string;
  /** no event in time can change it any more */
  final: boolean;
}

export interface ContactCard {
  id: string;
  channel: 'call' | 'chat';
  open: boolean;
  startedAt: number;
  lastAt: number;
  endedAt?: number;
  /** exponentially weighted mean of the customer's final turns, −1…1; null without any */
  sentiment: number | null;
  /** score of each customer turn, oldest first */
  trend: number[];
  turns: {
    turnId: string;
    participant: 'customer' | 'agent';
    text: string;
    beginMs: number;
    at: number;
    score?: number;
    confidence?: number;
    triggerWords?: string[];
  }[];
}

/** What a screen and REST show of a customer, as of a clock. Personal data is in `traits` and in turns' texts only. */
export interface CustomerCard {
  customer: string;
  optedOut: boolean;
  /** purposes denied, by whatever */
  denied: string[];
  /** kinds of consent signals that deny some of them */
  signals: string[];
  /** newest event time of it all, ms; 0: nothing known */
  at: number;
  firstSeenAt: number;
  lastSeenAt: number;
  events: number;
  platform: string;
  /** keys merged into this customer */
  keys: string[];
  traits: Record<string, string | number | boolean>;
  visits: number;
  currentVisit: VisitCard | null;
  lastVisits: VisitCard[];
  cart: CartCard | null;
  /** newest first */
  cartOutcomes: CartOutcome[];
  carts: Record<'opened' | 'converted' | 'abandoned' | 'emptied' | 'recovered' | 'directOrders', number>;
  rfm: {
    orders: number;
    refunds: number;
    lastOrderAt: number | null;
    recencyDays: number | null;
    /** exact decimal text per currency */
    monetary: Record<string, string>;
  };
  /** newest first, at most 20 */
  lastEvents: {
    at: number;
    id: string;
    name: string;
    type: 'track' | 'page' | 'screen' | 'other';
    platform: string;
    item?: string;
    amount?: string;
    /** of the amount; absent where nothing says that it is money */
    currency?: string;
  }[];
  /** newest first */
  contacts: ContactCard[];
  nextBestAction: {
    decision: string;
    ruleId: string;
    ruleVersion: number;
    purpose: string;
    action: JsonObject;
    at: number;
  } | null;
}
