import { sameFact } from '@/server/streaming/fact-diff';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { dropContacts } from './contacts';
import type { CustomerState } from './customer-state';
import {
  type CustomerView,
  clockFactOf,
  type Gauges,
  gaugesOf,
  NO_GAUGES,
  nextDue,
  settle,
} from './customer-view';
import { countQueue, moveGauges } from './metrics';
import { queueEntryOf, sameQueueEntry } from './queue';
import type { StepRun } from './step-run';
import { dropVisits } from './visits';

/**
 * Settles and drops what no event in time can change any more.
 * @param asOf see `settle`
 */
export function settleCustomer(run: StepRun, state: CustomerState, view: CustomerView, asOf: number): void {
  const { settings } = run.config;
  if (state.cb !== '') settle(state, view, settings, run.policy, asOf);
  dropVisits(state, settings.visitGapMs, settings.latenessMs);
  if (state.ct !== undefined) dropContacts(state, settings.latenessMs);
}

/**
 * Brings a customer up to the partition's clock: what the clock closes or reopens, gauges, timer, queue. `touched` says
 * that the kept state has changed; a clock that changes nothing writes nothing.
 */
export function finishCustomer(
  run: StepRun,
  customer: string,
  state: CustomerState,
  view: CustomerView,
  touched: boolean,
): void {
  const { settings } = run.config;
  const { clock } = run;
  let changed = touched;
  run.enter('timers');
  run.customer = customer;
  const closed = clockFactOf(view.machine, clock, settings);
  const published = view.clockFact;
  if (closed !== published && (closed === null || published === null || !sameFact(closed, published))) {
    if (published !== null) run.fact(published, -1);
    if (closed !== null) run.fact(closed, 1);
    view.clockFact = closed;
    changed = true;
  }
  const gauges = gaugesOf(state, view, clock, settings);
  if (!sameGauges(gauges, view.gauges)) {
    moveGauges(run.set.aggregates, view.gauges, gauges);
    view.gauges = gauges;
    changed = true;
  }
  setTimer(run, customer, nextDue(state, view, clock, settings));
  run.enter('queue');
  setQueue(run, customer, queueEntryOf(customer, state, view, clock, settings));
  if (!changed) return;
  state.pc = clock;
  run.set.changedStates.add(customer);
}

function sameGauges(a: Gauges, b: Gauges): boolean {
  return (
    a.live === b.live &&
    a.carts === b.carts &&
    a.contacts === b.contacts &&
    a.risk === b.risk &&
    a.riskCurrency === b.riskCurrency
  );
}

/**
 * A timer that stands earlier than it must is left: it fires, changes nothing and is set again. That spares a write
 * with every event, since nearly every event moves the end of a visit.
 */
export function setTimer(run: StepRun, customer: string, due: number | null): void {
  const { set } = run;
  const held = set.timers.get(customer) ?? null;
  if (due === held) return;
  if (due !== null && held !== null && held <= due && held > run.clock) return;
  set.timers.set(customer, due);
  set.changedTimers.add(customer);
}

export function setQueue(run: StepRun, customer: string, entry: QueueEntry | null): void {
  const { set } = run;
  const held = set.queue.get(customer) ?? null;
  if (entry === held || sameQueueEntry(held, entry)) return;
  countQueue(set.aggregates, Number(entry !== null) - Number(held !== null));
  set.queue.set(customer, entry);
  set.changedQueue.add(customer);
}

/** Takes a customer off the screens – gauges, timer, queue – without touching what is kept. */
export function withdrawCustomer(run: StepRun, customer: string, view: CustomerView | null): void {
  if (view !== null) {
    moveGauges(run.set.aggregates, view.gauges, NO_GAUGES);
    view.gauges = NO_GAUGES;
  }
  setTimer(run, customer, null);
  setQueue(run, customer, null);
}
