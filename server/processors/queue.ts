import type { QueueEntry, StreamSettings } from '@/server/streaming/partition-step';
import { cartValue } from './carts';
import { openContact, sentimentOf } from './contacts';
import { lastContextEntry } from './context-text';
import type { CustomerState } from './customer-state';
import { CHECKOUT_IDLE_MS, type CustomerView, isAtRisk, liveVisit, openCart } from './customer-view';
import { platformName } from './metrics';

/** A contact whose sentiment is at or below this says so in its title. */
const UNHAPPY = -0.25;

type Reason = Pick<QueueEntry, 'reason' | 'title' | 'since'> & { channel?: QueueEntry['channel'] };

/**
 * Why and since when a customer waits for an agent, as of the clock: an open contact, else a firing rule, else a cart at
 * risk. Null: nothing (any more).
 */
export function queueEntryOf(
  customer: string,
  state: CustomerState,
  view: CustomerView,
  clock: number,
  settings: StreamSettings,
): QueueEntry | null {
  const reason = contactReason(state, clock) ?? ruleReason(state, clock, settings) ?? cartReason(view, clock);
  if (reason === null) return null;
  const entry: QueueEntry = {
    customer,
    reason: reason.reason,
    title: reason.title,
    since: reason.since,
    channel: reason.channel ?? channelOf(state),
    at: state.n,
  };
  const cart = openCart(view);
  if (cart !== null) {
    entry.value = cartValue(cart);
    entry.currency = cart.c;
  }
  return entry;
}

function contactReason(state: CustomerState, clock: number): Reason | null {
  const contact = state.ct === undefined ? null : openContact(state, clock);
  if (contact === null) return null;
  const channel = contact.call === 1 ? 'call' : 'chat';
  const plain = contact.call === 1 ? 'on a call' : 'in a chat';
  const title = sentimentOf(contact) <= UNHAPPY ? `${plain}, unhappy` : plain;
  return { reason: 'contact', title, since: contact.s, channel };
}

/** A rule's firing keeps the customer in the queue until the visit ends or an order comes. */
function ruleReason(state: CustomerState, clock: number, settings: StreamSettings): Reason | null {
  const { na } = state;
  if (na?.q === undefined) return null;
  const visit = liveVisit(state, clock, settings);
  if (visit === null || na.t < visit[0]) return null;
  if (state.rf !== undefined && state.rf.o > 0 && state.rf.l > na.t) return null;
  return { reason: 'rule', title: na.q, since: na.t };
}

function cartReason(view: CustomerView, clock: number): Reason | null {
  const cart = openCart(view);
  if (cart === null || !isAtRisk(cart, clock)) return null;
  if (cart.f === 0) return { reason: 'cart', title: 'checkout idle', since: cart.l + CHECKOUT_IDLE_MS };
  const times = cart.f === 1 ? '' : cart.f === 2 ? ' twice' : ` ${cart.f} times`;
  return { reason: 'cart', title: `payment failed${times}`, since: cart.ff };
}

function channelOf(state: CustomerState): QueueEntry['channel'] {
  const platform = platformName(lastContextEntry(state.cx)?.[3] ?? 0);
  if (platform === 'ios' || platform === 'android') return 'app';
  return platform === 'store' ? 'store' : 'web';
}

export function sameQueueEntry(a: QueueEntry | null, b: QueueEntry | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.at === b.at &&
    a.reason === b.reason &&
    a.title === b.title &&
    a.since === b.since &&
    a.channel === b.channel &&
    a.value === b.value &&
    a.currency === b.currency
  );
}
