import type { CustomerCard } from '@/server/processors';

export type { CartCard, ContactCard, CustomerCard, VisitCard } from '@/server/processors';

/** One thing told of a customer, as text. */
export interface CardTrait {
  name: string;
  value: string;
  /** whether the value is shown in part only */
  masked: boolean;
}

/**
 * A customer's card as screens and programs see it. Times are ms since the epoch, money is exact decimal text. What is
 * personal is masked unless it was revealed: see `mask.ts`.
 */
export interface CardView extends Omit<CustomerCard, 'traits'> {
  /** the key that was asked for; another than `customer` when it was linked */
  key: string;
  /** what to call them: a name, masked, or the key when none is known */
  displayName: string;
  traits: CardTrait[];
  /** when this was read from the store, ms */
  readAt: number;
  /** newest event to reading, ms */
  ageMs: number;
  /** ms: from when on it says little of now, unless something comes; null: nothing is known */
  expiresAt: number | null;
  /** nothing has come for so long that the card says little of now */
  expired: boolean;
}

export type CardEvent = CustomerCard['lastEvents'][number];
export type CardTurn = CustomerCard['contacts'][number]['turns'][number];
