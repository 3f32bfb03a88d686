/**
 * A customer's card as screens and programs see it. Times are ms since the epoch, money is exact decimal text. Where a
 * field is personal it is masked unless it was revealed: see `mask-card.ts`.
 */
export interface CardView {
  /** the customer the asked key belongs to */
  customer: string;
  /** what to call them: a name, masked, or the key when none is known */
  displayName: string;
  linkedKeys: string[];
  firstSeenAt: number;
  newestAt: number;
  /** when this card was read from the store, ms */
  readAt: number;
  /** nothing has come for so long that the card is no longer kept up to date */
  expired: boolean;
  events: number;
  platform: string | null;
  traits: CardTrait[];
  visit: CardVisit | null;
  visits: number;
  cart: CardCart | null;
  /** how carts ended, as counts */
  outcomes: Record<string, number>;
  rfm: CardRfm | null;
  /** the last events, oldest first */
  timeline: CardEvent[];
  contacts: CardContact[];
  consent: { denied: string[] };
  nextBestAction: CardAction | null;
}

export interface CardTrait {
  name: string;
  value: string;
  /** whether the value is shown in part only */
  masked: boolean;
}

export interface CardVisit {
  startedAt: number;
  lastAt: number;
  events: number;
  platform: string;
  /** steps of the funnel reached, in order */
  steps: string[];
}

export interface CardLine {
  item: string;
  title: string;
  quantity: number;
  price: string;
  currency: string;
}

export interface CardCart {
  openedAt: number;
  lastAt: number;
  value: string;
  currency: string;
  lines: CardLine[];
  checkoutAt: number | null;
  paymentsFailed: number;
  /** abandoned at this moment unless something happens, ms */
  dueAt: number;
  risk: 'none' | 'idle' | 'high';
}

export interface CardRfm {
  orders: number;
  refunds: number;
  lastOrderAt: number | null;
  /** currency → sum */
  monetary: Record<string, string>;
}

export interface CardEvent {
  at: number;
  id: string;
  name: string;
  kind: 'event' | 'page' | 'screen' | 'other';
  platform: string;
  item?: string;
  amount?: string;
}

export interface CardTurn {
  id: string;
  who: 'customer' | 'agent';
  at: number;
  text: string;
  /** −1…1; null for an agent's turn */
  score: number | null;
  confidence: number | null;
  triggers: string[];
}

export interface CardContact {
  id: string;
  channel: 'call' | 'chat';
  startedAt: number;
  lastAt: number;
  endedAt: number | null;
  /** −1…1, weighted to the newest; null while the customer has said nothing */
  sentiment: number | null;
  turns: CardTurn[];
}

export interface CardAction {
  ruleId: string;
  ruleVersion: number;
  purpose: string;
  title: string;
  reason: string;
  kind: string;
  value?: string;
  at: number;
  decisionId: string;
}
