import type { ConsentFlags } from '@/server/core/consent-flags';
import type { JsonObject } from '@/server/core/json';
import type { FactKind } from '@/server/streaming/fact';
import type { StreamSettings } from '@/server/streaming/partition-step';
import { amountText } from './amount';
import { cartAmount, cartValue } from './carts';
import { deniedWithSignals, denyingSignals } from './consent-signals';
import { isOpenContact, scoresOf, sentimentOf } from './contacts';
import { contextEntries, lastContextEntry } from './context-text';
import type { CartCard, ContactCard, CustomerCard, VisitCard } from './customer-card.schema';
import {
  type Contact,
  type ContextEntry,
  type CustomerState,
  instantOf,
  isMoved,
  NO_TIME,
  type OpenCart,
  STEP_AT,
  type Visit,
} from './customer-state';
import { clockFactOf, foldBuffer, heldState, isAtRisk, liveVisit, settlePolicy } from './customer-view';
import { FUNNEL_STEPS, type FunnelStep } from './funnel-step.schema';
import { platformName } from './metrics';
import { nameOf, statusOf, traitsOf } from './rule-card';

const MAX_VISITS = 5;
const MAX_OUTCOMES = 10;
const DAY_MS = 86_400_000;

/**
 * The card of a customer. `clock` is the partition's clock (the greater of its newest event and last tick, ms).
 * An opted-out customer's card says so and shows nothing else. Null: the key has no state here (or was moved away).
 */
export function cardOf(
  customer: string,
  kept: JsonObject | null,
  consent: ConsentFlags | null,
  clock: number,
  settings: StreamSettings,
): CustomerCard | null {
  if (consent?.denied.includes('profiling') === true)
    return { ...emptyCard(customer), optedOut: true, denied: consent.denied };
  if (kept === null || isMoved(kept)) return null;
  const state = kept as unknown as CustomerState;
  const denied = [...deniedWithSignals(state, consent)];
  const { machine, facts } = foldBuffer(state, settings);
  const closed = clockFactOf(machine, clock, settings);
  if (closed !== null) facts.push(closed);
  const final = state.n - settlePolicy(settings).latenessMs;
  const visits = state.vs
    .slice(-MAX_VISITS)
    .reverse()
    .map((visit) => visitCard(visit, clock, settings));
  const current = visits[0]?.live ? visits[0] : null;
  return {
    ...emptyCard(customer),
    denied,
    signals: denyingSignals(state.sg, consent).map(([kind]) => kind),
    at: state.n,
    firstSeenAt: state.f,
    lastSeenAt: state.n,
    events: state.e,
    platform: platformName(lastContextEntry(state.cx)?.[3] ?? 0),
    keys: state.lk ?? [],
    traits: traitsOf(state),
    visits: state.vs.length + (state.vd ?? 0),
    currentVisit: current,
    lastVisits: current === null ? visits : visits.slice(1),
    cart: closed === null && machine.open !== null ? cartCard(machine.open, clock, settings) : null,
    cartOutcomes: facts
      .filter((fact) => fact.kind !== 'cartOpened')
      .slice(-MAX_OUTCOMES)
      .reverse()
      .map(({ kind, at, amount, currency }) => ({ kind, at, amount, currency, final: at < final })),
    carts: cartCounts(state, facts),
    rfm: rfmCard(state, clock),
    lastEvents: contextEntries(state.cx)
      .map((entry) => eventCard(entry, settings))
      .reverse(),
    contacts: (state.ct ?? []).map((contact) => contactCard(contact, clock)).reverse(),
    nextBestAction: actionCard(state, current !== null, denied),
  };
}

export function emptyCard(customer: string): CustomerCard {
  return {
    customer,
    optedOut: false,
    denied: [],
    signals: [],
    at: 0,
    firstSeenAt: 0,
    lastSeenAt: 0,
    events: 0,
    platform: 'web',
    keys: [],
    traits: {},
    visits: 0,
    currentVisit: null,
    lastVisits: [],
    cart: null,
    cartOutcomes: [],
    carts: { opened: 0, converted: 0, abandoned: 0, emptied: 0, recovered: 0, directOrders: 0 },
    rfm: { orders: 0, refunds: 0, lastOrderAt: null, recencyDays: null, monetary: {} },
    lastEvents: [],
    contacts: [],
    nextBestAction: null,
  };
}

/** The visit that goes on as of a clock, ms; null: there is none, or the customer opted out or was moved away. */
export function liveVisitOf(state: JsonObject, clock: number, settings: StreamSettings): VisitCard | null {
  const held = heldState(state);
  if (held === null || held.x !== undefined) return null;
  const visit = liveVisit(held, clock, settings);
  return visit === null ? null : visitCard(visit, clock, settings);
}

function visitCard(visit: Visit, clock: number, settings: StreamSettings): VisitCard {
  const [startedAt, lastAt, events, platform] = visit;
  const live = lastAt + settings.visitGapMs > clock;
  const steps: VisitCard['steps'] = { visited: startedAt };
  let furthest: FunnelStep = 'visited';
  FUNNEL_STEPS.forEach((step, index) => {
    const offset = index === 0 ? 0 : (visit[STEP_AT + index - 1] as number);
    if (offset === 0) return;
    steps[step] = startedAt + offset - 1;
    furthest = step;
  });
  const card: VisitCard = {
    startedAt,
    lastAt,
    durationMs: lastAt - startedAt,
    events,
    platform: platformName(platform),
    live,
    steps,
    furthest,
  };
  if (!live) card.endedAt = lastAt + settings.visitGapMs;
  return card;
}

function cartCard(cart: OpenCart, clock: number, settings: StreamSettings): CartCard {
  const currencies = [...new Set(cart.i.map((line) => line[1]))].filter((currency) => currency !== cart.c);
  const card: CartCard = {
    status: statusOf(cart),
    openedAt: cart.o,
    lastAt: cart.l,
    abandonsAt: cart.l + settings.cartGapMs,
    items: cart.i.map(([item, currency, quantity, amount, title]) => ({
      item,
      title: title || item,
      quantity,
      value: amountText(amount),
      currency,
    })),
    value: cartValue(cart),
    currency: cart.c,
    others: currencies.map((currency) => ({ currency, value: amountText(cartAmount(cart, currency)) })),
    paymentsFailed: cart.f,
    atRisk: isAtRisk(cart, clock),
  };
  if (cart.k !== NO_TIME) card.checkoutAt = instantOf(cart.k);
  return card;
}

function cartCounts(state: CustomerState, facts: readonly { kind: FactKind }[]): CustomerCard['carts'] {
  const [opened, converted, abandoned, emptied, recovered, directOrders] = state.cc ?? [0, 0, 0, 0, 0, 0];
  const counted = (kind: FactKind) => facts.reduce((sum, fact) => sum + Number(fact.kind === kind), 0);
  return {
    opened: opened + counted('cartOpened'),
    converted: converted + counted('cartConverted'),
    abandoned: abandoned + counted('cartAbandoned'),
    emptied: emptied + counted('cartEmptied'),
    recovered: recovered + counted('cartRecovered'),
    directOrders: directOrders + counted('directOrder'),
  };
}

function rfmCard(state: CustomerState, clock: number): CustomerCard['rfm'] {
  const { rf } = state;
  if (rf === undefined) return emptyCard('').rfm;
  const monetary = Object.fromEntries(Object.entries(rf.m).map(([key, value]) => [key, amountText(value)]));
  const lastOrderAt = rf.o > 0 ? rf.l : null;
  const recencyDays = lastOrderAt === null ? null : Math.max(0, Math.floor((clock - lastOrderAt) / DAY_MS));
  return { orders: rf.o, refunds: rf.r, lastOrderAt, recencyDays, monetary };
}

/** What an event of a known name costs is in the usual currency unless it says; an amount of any other may be of anything. */
function eventCard(entry: ContextEntry, settings: StreamSettings): CustomerCard['lastEvents'][number] {
  const [at, id, name, platform, item, amount, named] = entry;
  const mark = typeof name === 'number' ? '' : name.charAt(0);
  const type = mark === '/' ? 'page' : mark === '#' ? 'screen' : mark === '~' ? 'other' : 'track';
  const card: CustomerCard['lastEvents'][number] = {
    at,
    id,
    name: nameOf(entry),
    type,
    platform: platformName(platform),
  };
  if (item) card.item = item;
  if (amount === undefined) return card;
  card.amount = amountText(amount);
  const currency = named ?? (typeof name === 'number' ? settings.currency : undefined);
  if (currency !== undefined) card.currency = currency;
  return card;
}

function contactCard(contact: Contact, clock: number): ContactCard {
  const trend = scoresOf(contact);
  const card: ContactCard = {
    id: contact.id,
    channel: contact.call === 1 ? 'call' : 'chat',
    open: isOpenContact(contact, clock),
    startedAt: contact.s,
    lastAt: contact.l,
    sentiment: trend.length === 0 ? null : sentimentOf(contact),
    trend,
    turns: contact.tu
      .filter((turn) => turn[5] !== '')
      .map(([beginMs, turnId, who, at, , text, score, confidence, triggerWords]) =>
        who === 1
          ? { turnId, participant: 'customer', text, beginMs, at, score, confidence, triggerWords }
          : { turnId, participant: 'agent', text, beginMs, at },
      ),
  };
  if (contact.e !== NO_TIME) card.endedAt = instantOf(contact.e);
  return card;
}

/** Offered while the visit in which it was decided goes on, and only for a purpose that is allowed. */
function actionCard(
  state: CustomerState,
  live: boolean,
  denied: readonly string[],
): CustomerCard['nextBestAction'] {
  const { na } = state;
  if (na === undefined || !live || denied.includes(na.p)) return null;
  const visit = state.vs.at(-1);
  if (visit !== undefined && na.t < visit[0]) return null;
  return { decision: na.d, ruleId: na.r, ruleVersion: na.v, purpose: na.p, action: na.a, at: na.t };
}
