import { type CustomerEvent, PLATFORMS } from '@/server/event-log/records';
import { diffFacts, type FactDraft, sameFact } from '@/server/streaming/fact-diff';
import { insertOrdered } from '@/server/streaming/ordered-buffer';
import type { StreamSettings } from '@/server/streaming/partition-step';
import { amountText } from './amount';
import { appendEntry, cartEntries, cartText, comesLast } from './cart-text';
import { applyCartEntry } from './carts';
import { addToContacts } from './contacts';
import { addTraits } from './context';
import { addToContext } from './context-text';
import type { CartEntry, CustomerState, Visit } from './customer-state';
import { bufferedFacts, type CustomerView, clockFactOf, foldBuffer } from './customer-view';
import { cartEntryOf, contextEntryOf, funnelStep, platformIndex, purchaseOf } from './event-reading';
import { addOrder, addRefund } from './rfm';
import type { SentimentModel } from './sentiment';
import type { FactSink } from './step-run';
import { addVisit, extendLastVisit, visitOf } from './visits';

export function visitFact(visit: Visit): FactDraft {
  return { kind: 'visit', at: visit[0], platform: PLATFORMS[visit[3]] };
}

/** Adds an event in time to everything kept of the customer, and hands on how the facts changed. */
export function applyEvent(
  state: CustomerState,
  view: CustomerView,
  event: CustomerEvent,
  clock: number,
  settings: StreamSettings,
  sentiment: SentimentModel,
  sink: FactSink,
): void {
  const { t } = event;
  state.e += 1;
  if (state.e === 1 || t < state.f) state.f = t;
  sink.enter('visits');
  const joined = applyToVisits(state, view, event, settings, sink);
  sink.enter('context');
  state.cx = addToContext(state.cx, contextEntryOf(event));
  if (event.y === 'identify') addTraits(state, event.p, t);
  else addToContacts(state, event, sentiment, sink);
  applyPurchase(state, event, settings, sink);
  const entry = cartEntryOf(event);
  if (entry !== null) applyToCart(state, view, entry, joined, clock, settings, sink);
  // Two visits became one: an order may now lie in the visit of an abandonment.
  else if (joined && state.cb !== '') refold(state, view, clock, settings, sink);
}

/** True when two visits became one. */
function applyToVisits(
  state: CustomerState,
  view: CustomerView,
  event: CustomerEvent,
  settings: StreamSettings,
  sink: FactSink,
): boolean {
  const platform = platformIndex(event);
  const step = funnelStep(event);
  const extended = extendLastVisit(state.vs, event.t, platform, step, settings.visitGapMs);
  if (extended !== null) {
    if (extended.begun) {
      sink.fact(visitFact(extended.visit), 1);
      sink.step(0, 1);
    }
    if (extended.reached) sink.step(step, 1);
    return false;
  }
  // What an order meant depends on the visits: it must be known as it was before they change.
  bufferedFacts(state, view, settings);
  const { visit, joined } = addVisit(state.vs, visitOf(event.t, platform, step), settings.visitGapMs);
  for (const held of joined) sink.visitSteps(held, -1);
  sink.visitSteps(visit, 1);
  diffFacts(joined.map(visitFact), [visitFact(visit)], (fact, sign) => sink.fact(fact, sign));
  return joined.length > 1;
}

/** Orders and refunds count whenever they come: also called for late events. */
export function applyPurchase(
  state: CustomerState,
  event: CustomerEvent,
  settings: StreamSettings,
  sink: FactSink,
): void {
  const purchase = purchaseOf(event, settings.currency);
  if (purchase === null) return;
  sink.enter('purchases');
  const { kind, total, currency } = purchase;
  if (kind === 'order') addOrder(state, event.t, total, currency);
  else addRefund(state, total, currency);
  sink.fact({ kind, at: event.t, amount: amountText(total), currency, platform: event.pl }, 1);
}

function applyToCart(
  state: CustomerState,
  view: CustomerView,
  entry: CartEntry,
  visitsJoined: boolean,
  clock: number,
  settings: StreamSettings,
  sink: FactSink,
): void {
  sink.enter('carts');
  if (visitsJoined || !comesLast(state.cb, entry)) {
    bufferedFacts(state, view, settings);
    const entries = cartEntries(state.cb);
    insertOrdered(entries, entry);
    state.cb = cartText(entries);
    refold(state, view, clock, settings, sink);
    return;
  }
  state.cb = appendEntry(state.cb, entry);
  state.ca = view.machine;
  applyCartEntry(view.machine, entry, state.vs, settings, (fact) => {
    view.facts?.push(fact);
    // The clock had closed the cart already: the event only confirms it.
    if (view.clockFact !== null && sameFact(view.clockFact, fact)) view.clockFact = null;
    else sink.fact(fact, 1);
  });
  if (view.clockFact === null) return;
  // The event came before the moment at which the clock had closed the cart: it is open again.
  sink.fact(view.clockFact, -1);
  view.clockFact = null;
}

/** Derives the cart's facts anew from the settled machine and the buffer, and hands on how those of the view change. */
export function refold(
  state: CustomerState,
  view: CustomerView,
  clock: number,
  settings: StreamSettings,
  sink: FactSink,
): void {
  sink.enter('carts');
  const before = allFacts(view);
  const { machine, facts } = foldBuffer(state, settings);
  state.ca = machine;
  view.machine = machine;
  view.facts = facts;
  view.clockFact = clockFactOf(machine, clock, settings);
  diffFacts(before, allFacts(view), (fact, sign) => sink.fact(fact, sign));
}

/** Facts of the view, which must have been derived. */
export function allFacts({ facts, clockFact }: CustomerView): FactDraft[] {
  if (facts === null) throw new Error('The facts of a state must be derived before it changes.');
  return clockFact === null ? facts : [...facts, clockFact];
}
