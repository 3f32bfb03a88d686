import { CONTACT_SILENCE_MS, type CustomerCard } from '@/server/processors';

/** What of a card says when a wait ended. */
export type EndingsOfCard = Pick<
  CustomerCard,
  'contacts' | 'cartOutcomes' | 'currentVisit' | 'lastVisits' | 'rfm'
>;

/** A wait in the queue: why, and since when, ms. */
export interface WaitBegun {
  reason: string;
  since: number;
}

/** What ends a cart, and with it the wait of who had it. */
const CART_ENDS = new Set(['cartConverted', 'cartAbandoned', 'cartEmptied']);

/** When a wait that is in no queue any more ended, by the events themselves, ms; null: they do not say. Pure. */
export function waitEnd(card: EndingsOfCard, { reason, since }: WaitBegun): number | null {
  if (reason === 'contact') return contactEnd(card, since);
  return reason === 'cart' ? cartEnd(card, since) : ruleEnd(card, since);
}

function contactEnd({ contacts }: EndingsOfCard, since: number): number | null {
  const contact =
    contacts.find(({ startedAt }) => startedAt === since) ??
    contacts.find(({ startedAt, lastAt }) => startedAt < since && since <= lastAt);
  if (contact === undefined || contact.open) return null;
  return contact.endedAt ?? contact.lastAt + CONTACT_SILENCE_MS;
}

function cartEnd({ cartOutcomes }: EndingsOfCard, since: number): number | null {
  return cartOutcomes.findLast(({ kind, at }) => CART_ENDS.has(kind) && at >= since)?.at ?? null;
}

/** A firing rule keeps a customer until an order comes or the visit ends. */
function ruleEnd({ rfm, currentVisit, lastVisits }: EndingsOfCard, since: number): number | null {
  if (rfm.lastOrderAt !== null && rfm.lastOrderAt > since) return rfm.lastOrderAt;
  if (currentVisit !== null && currentVisit.startedAt <= since) return null;
  return lastVisits.find(({ startedAt }) => startedAt <= since)?.endedAt ?? null;
}
