import { diffFacts } from '@/server/streaming/fact-diff';
import { insertOrdered } from '@/server/streaming/ordered-buffer';
import type { StreamSettings } from '@/server/streaming/partition-step';
import { allFacts, visitFact } from './apply-event';
import { type CartText, cartEntries, cartText } from './cart-text';
import { emptyMachine } from './carts';
import { addContact } from './contacts';
import { addTrait } from './context';
import { addToContext, contextEntries } from './context-text';
import { type CartCounts, type CartMachine, type CustomerState, laterOf, NO_TIME } from './customer-state';
import {
  bufferedFacts,
  type CustomerView,
  clockFactOf,
  foldBuffer,
  settle,
  settleEntries,
  settleStep,
  viewOf,
} from './customer-view';
import { noteNewest } from './newest-times';
import { mergePurchases } from './rfm';
import type { StepRun } from './step-run';
import { addVisit } from './visits';

const NOTHING_SETTLED = Number.NEGATIVE_INFINITY;

/**
 * Unites what two keys of one customer kept: unions throughout. Where the buffer of one reaches back behind what the
 * other has settled, that part is settled by its own machine first, so that facts that were final stay so. `into` is
 * changed and returned; `other` is consumed. Apart from whose own newest time is kept, the two can change places.
 */
export function mergeStates(
  into: CustomerState,
  intoView: Pick<CustomerView, 'facts'>,
  other: CustomerState,
  otherView: Pick<CustomerView, 'facts'>,
  settings: StreamSettings,
): void {
  const boundary = Math.max(into.cs ?? NOTHING_SETTLED, other.cs ?? NOTHING_SETTLED);
  settleUpTo(into, intoView, boundary, settings);
  settleUpTo(other, otherView, boundary, settings);
  if (other.e > 0) noteNewest(into, NO_TIME, other.n);
  into.f = into.e === 0 ? other.f : other.e === 0 ? into.f : Math.min(into.f, other.f);
  into.e += other.e;
  for (const visit of other.vs) addVisit(into.vs, visit, settings.visitGapMs);
  if (other.vd !== undefined) into.vd = (into.vd ?? 0) + other.vd;
  into.cb = mergedBuffer(into.cb, other.cb);
  mergeSettled(into, other, boundary);
  for (const entry of contextEntries(other.cx)) into.cx = addToContext(into.cx, entry);
  for (const [key, trait] of Object.entries(other.tr ?? {})) addTrait(into, key, trait);
  const purchases = mergePurchases(into.rf, other.rf);
  if (purchases !== undefined) into.rf = purchases;
  for (const contact of other.ct ?? []) {
    into.ct ??= [];
    addContact(into.ct, contact);
  }
  if (other.na !== undefined && (into.na === undefined || other.na.t > into.na.t)) into.na = other.na;
}

function settleUpTo(
  state: CustomerState,
  view: Pick<CustomerView, 'facts'>,
  boundary: number,
  settings: StreamSettings,
): void {
  const entries = cartEntries(state.cb);
  const later = entries.findIndex(([t]) => t > boundary);
  settleEntries(state, view, later < 0 ? entries.length : later, settings);
}

function mergedBuffer(into: CartText, other: CartText): CartText {
  if (into === '' || other === '') return into + other;
  const entries = cartEntries(into);
  for (const entry of cartEntries(other)) insertOrdered(entries, entry);
  return cartText(entries);
}

/** Of two settled machines the one with the later cart goes on; outcomes add up. */
function mergeSettled(into: CustomerState, other: CustomerState, boundary: number): void {
  if (boundary === NOTHING_SETTLED) return;
  into.cs = boundary;
  const a = into.cm ?? emptyMachine();
  const b = other.cm ?? emptyMachine();
  const merged: CartMachine = { open: laterCart(a, b), ab: laterOf(a.ab, b.ab) };
  into.cm = merged;
  const counts: CartCounts = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < counts.length; i += 1) counts[i] = (into.cc?.[i] ?? 0) + (other.cc?.[i] ?? 0);
  into.cc = counts;
}

function laterCart(a: CartMachine, b: CartMachine): CartMachine['open'] {
  if (a.open === null || b.open === null) return a.open ?? b.open;
  if (a.open.l !== b.open.l) return a.open.l > b.open.l ? a.open : b.open;
  // Same instant: any rule will do that does not ask which came first.
  return JSON.stringify(a.open) >= JSON.stringify(b.open) ? a.open : b.open;
}

/**
 * Merges the history of `from` into a customer in hand: facts move to the customer, and those that changed change.
 * @param at time of the event that linked the two, ms: by its own events until then each is settled first, so that what
 *   they come to does not depend on how far which partition had read
 */
export function mergeCustomer(
  run: StepRun,
  state: CustomerState,
  view: CustomerView,
  from: string,
  other: CustomerState,
  at: number,
): void {
  const { settings } = run.config;
  const otherView = viewOf(other, settings);
  for (const [one, its] of [
    [state, view],
    [other, otherView],
  ] as const) {
    bufferedFacts(one, its, settings);
    settle(one, its, settings, run.policy, settleStep(at));
  }
  const visitsBefore = state.vs.map((visit) => visitFact(visit));
  for (const visit of state.vs) run.visitSteps(visit, -1);
  for (const visit of other.vs) {
    run.visitSteps(visit, -1);
    run.factOf(from, visitFact(visit), -1);
  }
  mergeStates(state, view, other, otherView, settings);
  // Taken after the merge: what it settled is final and stays where it is.
  for (const fact of allFacts(otherView)) run.factOf(from, fact, -1);
  const before = allFacts(view);
  const { machine, facts } = foldBuffer(state, settings);
  state.ca = state.cb === '' ? undefined : machine;
  view.machine = machine;
  view.facts = facts;
  view.clockFact = clockFactOf(machine, run.clock, settings);
  diffFacts(before, allFacts(view), (fact, sign) => run.fact(fact, sign));
  for (const visit of state.vs) run.visitSteps(visit, 1);
  diffFacts(
    visitsBefore,
    state.vs.map((visit) => visitFact(visit)),
    (fact, sign) => run.fact(fact, sign),
  );
}

/** Cool-downs that came with a history: of each rule the later one holds. */
export function mergeCooldowns(run: StepRun, to: string, moved: Record<string, number> | undefined): void {
  if (moved === undefined) return;
  const { cooldowns, changedCooldowns } = run.set;
  const merged = { ...(cooldowns.get(to) ?? {}) };
  for (const [rule, at] of Object.entries(moved)) merged[rule] = Math.max(at, merged[rule] ?? at);
  cooldowns.set(to, merged);
  changedCooldowns.add(to);
}
