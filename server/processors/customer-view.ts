import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { FactDraft } from '@/server/streaming/fact-diff';
import { type SettlePolicy, settledCount } from '@/server/streaming/ordered-buffer';
import type { StreamSettings } from '@/server/streaming/partition-step';
import type { Amount } from './amount';
import { bufferLength } from './cart-buffer';
import { type CartText, cartEntries } from './cart-text';
import { abandonmentOf, applyCartEntry, cartAmount, copyMachine, emptyMachine } from './carts';
import { CONTACT_SILENCE_MS, isOpenContact } from './contacts';
import { type CartMachine, type CustomerState, isMoved, NO_TIME, type OpenCart } from './customer-state';
import { entryStart, timeAt } from './entry-text';
import { reachedStep } from './visits';

/** A checkout that stands still for this long puts its cart at risk. */
export const CHECKOUT_IDLE_MS = 5 * MINUTE_MS;

const SLACK_EVENTS = 64;
const SLACK_MS = 24 * HOUR_MS;
export const MAX_BUFFERED = 2_000;
/** Of event time: so far may one partition be behind another when keys meet, without a trace in what they come to. */
const SKEW_MS = 5 * MINUTE_MS;
/** Age is looked at in steps of event time: then a busy customer's buffer is seldom needed whole. */
const SETTLE_STEP_MS = 5 * MINUTE_MS;
export const NEVER = Number.NEGATIVE_INFINITY;

/** The last step by a moment of event time, ms. */
export function settleStep(t: number): number {
  return Math.floor(t / SETTLE_STEP_MS) * SETTLE_STEP_MS;
}

/**
 * The moment as of which a customer's events are settled, given the newest: well before it, so that a key that is linked
 * by an event finds both histories settled no further than that event allows, whichever partition is ahead.
 */
export function settledAsOf(newest: number): number {
  return settleStep(newest - SKEW_MS);
}

/** What one customer adds to the gauges of the partition. */
export interface Gauges {
  /** bit n: the live visit reached step n of the funnel; 0: no live visit */
  live: number;
  carts: number;
  contacts: number;
  risk: Amount;
  riskCurrency: string;
}

export const NO_GAUGES: Gauges = { live: 0, carts: 0, contacts: 0, risk: 0, riskCurrency: '' };

/** What follows from the kept state, held in memory beside it so that an event in order need not derive it again. */
export interface CustomerView {
  /** the machine after the last buffered event, before the clock closes anything */
  machine: CartMachine;
  /**
   * Facts of the buffered events in the state, in order: those a correction could still take back. Null: not derived, since
   * an event in order has no need of them.
   */
  facts: FactDraft[] | null;
  /** the abandonment that the clock alone brought about */
  clockFact: FactDraft | null;
  gauges: Gauges;
}

/** Under a symbol beside the state's own members: JSON does not write it, and it goes when the state goes. */
const VIEW = Symbol('view');
type Viewed = CustomerState & { [VIEW]?: CustomerView };

export function heldView(state: CustomerState): CustomerView | undefined {
  return (state as Viewed)[VIEW];
}

export function holdView(state: CustomerState, view: CustomerView): CustomerView {
  (state as Viewed)[VIEW] = view;
  return view;
}

/** The buffer in the state begins elsewhere from here on: so do the facts that its view holds. They are derived when needed. */
export function forgetFacts(state: CustomerState): void {
  const view = heldView(state);
  if (view !== undefined) view.facts = null;
}

/** The machine that the buffer's entries in the state go on from. */
export function foldBase({ sl, cm }: CustomerState): CartMachine {
  return sl?.m ?? cm ?? emptyMachine();
}

export function foldBuffer(
  state: CustomerState,
  settings: StreamSettings,
): { machine: CartMachine; facts: FactDraft[] } {
  const machine = copyMachine(foldBase(state));
  const facts: FactDraft[] = [];
  for (const entry of cartEntries(state.cb)) {
    applyCartEntry(machine, entry, state.vs, settings, (fact) => facts.push(fact));
  }
  return { machine, facts };
}

export function clockFactOf(machine: CartMachine, clock: number, settings: StreamSettings): FactDraft | null {
  const { open } = machine;
  return open !== null && open.l + settings.cartGapMs <= clock
    ? abandonmentOf(open, settings.cartGapMs)
    : null;
}

/** Facts of the buffered events, derived when they are not: to be asked for before the state is changed. */
export function bufferedFacts(
  state: CustomerState,
  view: Pick<CustomerView, 'facts'>,
  settings: StreamSettings,
): FactDraft[] {
  view.facts ??= foldBuffer(state, settings).facts;
  return view.facts;
}

/** Derives the view as it was last published: as of the state's own `pc`. */
export function viewOf(state: CustomerState, settings: StreamSettings): CustomerView {
  const machine = state.ca ?? copyMachine(foldBase(state));
  const view: CustomerView = {
    machine,
    facts: null,
    clockFact: clockFactOf(machine, state.pc, settings),
    gauges: NO_GAUGES,
  };
  if (state.x === undefined) view.gauges = gaugesOf(state, view, state.pc, settings);
  return view;
}

/** The cart that is open as of the view's clock. */
export function openCart(view: CustomerView): OpenCart | null {
  return view.clockFact === null ? view.machine.open : null;
}

export function liveVisit(state: CustomerState, clock: number, settings: StreamSettings) {
  const last = state.vs.at(-1);
  return last !== undefined && last[1] + settings.visitGapMs > clock ? last : null;
}

export function isAtRisk(cart: OpenCart, clock: number): boolean {
  return cart.f > 0 || (cart.k !== NO_TIME && cart.l + CHECKOUT_IDLE_MS <= clock);
}

export function gaugesOf(
  state: CustomerState,
  view: CustomerView,
  clock: number,
  settings: StreamSettings,
): Gauges {
  const visit = liveVisit(state, clock, settings);
  const cart = openCart(view);
  let live = 0;
  if (visit !== null)
    for (let step = 0; step <= 4; step += 1) if (reachedStep(visit, step)) live |= 1 << step;
  let contacts = 0;
  if (state.ct !== undefined)
    for (const contact of state.ct) if (isOpenContact(contact, clock)) contacts += 1;
  if (live === 0 && cart === null && contacts === 0) return NO_GAUGES;
  const risky = cart !== null && isAtRisk(cart, clock);
  return {
    live,
    carts: cart === null ? 0 : 1,
    contacts,
    risk: risky ? cartAmount(cart, cart.c) : 0,
    riskCurrency: risky ? cart.c : '',
  };
}

/** The next event time at which this customer shows differently without a further event; null: never. */
export function nextDue(
  state: CustomerState,
  view: CustomerView,
  clock: number,
  settings: StreamSettings,
): number | null {
  let due = Number.POSITIVE_INFINITY;
  const visit = liveVisit(state, clock, settings);
  if (visit !== null) due = visit[1] + settings.visitGapMs;
  const cart = openCart(view);
  if (cart !== null) {
    due = Math.min(due, cart.l + settings.cartGapMs);
    const idleAt = cart.l + CHECKOUT_IDLE_MS;
    if (cart.k !== NO_TIME && cart.f === 0 && idleAt > clock) due = Math.min(due, idleAt);
  }
  if (state.ct !== undefined) {
    for (const contact of state.ct) {
      if (isOpenContact(contact, clock)) due = Math.min(due, contact.l + CONTACT_SILENCE_MS);
    }
  }
  return due === Number.POSITIVE_INFINITY ? null : due;
}

export function settlePolicy(settings: StreamSettings): SettlePolicy {
  return {
    latenessMs: settings.latenessMs,
    slackEvents: SLACK_EVENTS,
    slackMs: SLACK_MS,
    maxEvents: MAX_BUFFERED,
  };
}

const OUTCOMES = [
  'cartOpened',
  'cartConverted',
  'cartAbandoned',
  'cartEmptied',
  'cartRecovered',
  'directOrder',
];

/** Order of CartCounts. */
export function outcomeIndex(kind: string): number {
  return OUTCOMES.indexOf(kind);
}

/**
 * Folds the first `count` buffered events into the settled machine; their facts leave the view: they are final. While
 * parts are sealed, the first events are those of the opened head, whose facts the view does not hold.
 */
export function settleEntries(
  state: CustomerState,
  view: Pick<CustomerView, 'facts'>,
  count: number,
  settings: StreamSettings,
): void {
  if (count === 0) return;
  state.cm ??= emptyMachine();
  state.cc ??= [0, 0, 0, 0, 0, 0];
  const { cm, cc } = state;
  const buffer = settling(state);
  const start = entryStart(buffer, count);
  let final = 0;
  for (const entry of cartEntries(buffer.slice(0, start)).slice(0, count)) {
    applyCartEntry(cm, entry, state.vs, settings, (fact) => {
      final += 1;
      const index = outcomeIndex(fact.kind);
      cc[index] = (cc[index] ?? 0) + 1;
    });
    state.cs = entry[0];
  }
  const rest = buffer.slice(start);
  if (state.sl !== undefined) {
    state.hd = rest === '' ? undefined : rest;
    return;
  }
  state.cb = rest;
  if (rest === '') state.ca = undefined;
  view.facts?.splice(0, final);
}

/** The entries at hand that would be settled next. */
function settling(state: CustomerState): CartText {
  return state.sl === undefined ? state.cb : (state.hd ?? '');
}

/**
 * Settles by age as of a moment, which needs the whole buffer, and by number.
 * @param asOf `NEVER`: by number alone
 */
export function settle(
  state: CustomerState,
  view: CustomerView,
  settings: StreamSettings,
  policy: SettlePolicy,
  asOf: number,
): void {
  const head = settling(state);
  if (head === '') return;
  const length = bufferLength(state);
  // Nearly always not even the first is settled: then the others need not be read.
  if (length <= policy.maxEvents && timeAt(head, 0) >= asOf - policy.latenessMs) return;
  const entries = cartEntries(head);
  const upTo = entries.findLastIndex(([t]) => t <= asOf) + 1;
  settleEntries(state, view, settledCount(entries, asOf, policy, { upTo, length }), settings);
}

/** The keyed state of a record in the working set, unless it is absent or was moved away. */
export function heldState(value: unknown): CustomerState | null {
  if (value === null || value === undefined || isMoved(value as CustomerState)) return null;
  return value as CustomerState;
}
