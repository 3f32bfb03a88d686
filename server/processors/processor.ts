import type { JsonObject } from '@/server/core/json';
import {
  type ConsentRecord,
  type CustomerEvent,
  type LogRecord,
  namedKeysOf,
  type TransferRecord,
} from '@/server/event-log/records';
import type { PartitionProcessor, SealedPart, WorkingKeys } from '@/server/streaming/partition-step';
import { applyEvent } from './apply-event';
import { deniedWithSignals, signalsAt, takeSignals } from './consent-signals';
import { heldTime, NO_TIME } from './customer-state';
import { heldState, NEVER, settledAsOf } from './customer-view';
import { decide } from './decide';
import { finishCustomer, settleCustomer } from './finish-customer';
import { HeldCustomers } from './held-customers';
import {
  askForKeys,
  carryOptOut,
  forwardEvent,
  hide,
  isFirstArrival,
  MAX_HOPS,
  optOutKey,
  send,
  takeLink,
} from './identity-links';
import { takeLateEvent } from './late-event';
import { mergeCooldowns, mergeCustomer } from './merge-customer';
import { count, countEvent } from './metrics';
import { isTooLate, noteNewest } from './newest-times';
import { hasParts, joinParts, mayNeedParts, partNumbers, partsFor, sealParts } from './sealed-parts';
import { deniedOf, isOptedOut, type ProcessorConfig, StepRun } from './step-run';

/** Links and transfers take along or meet all that is kept of a customer. */
const movesHistory = ({ k }: LogRecord): boolean => k === 'l' || k === 't';

/** All topologies of a partition as one synchronous step. */
class CustomerProcessor implements PartitionProcessor<LogRecord> {
  readonly #run: StepRun;
  readonly #customers: HeldCustomers;

  constructor(config: ProcessorConfig) {
    this.#run = new StepRun(config);
    this.#customers = new HeldCustomers(this.#run);
  }

  get inHand(): string {
    return this.#run.operator;
  }

  keysOf(record: LogRecord): WorkingKeys {
    switch (record.k) {
      case 'e':
      case 'o':
        return { customers: [record.c] };
      case 'l':
        return { customers: [record.from] };
      case 't':
        return { customers: [record.to] };
      default:
        return NO_KEYS;
    }
  }

  partsFor(state: JsonObject, records: readonly LogRecord[]): number[] {
    const held = heldState(state);
    if (held === null || !hasParts(held)) return [];
    if (records.some(movesHistory)) return partNumbers(held);
    const events = records.filter((record) => record.k === 'e');
    const reach = Math.min(...records.map((record) => this.reachOf(record)));
    return partsFor(held, events, this.#run.config.settings, reach);
  }

  reachOf(record: LogRecord): number {
    if (movesHistory(record)) return NEVER;
    if (record.k !== 'e') return Number.POSITIVE_INFINITY;
    return this.#run.config.ruleSet.asksForEvents(record.n) ? NEVER : record.t;
  }

  mayNeedParts(text: string, reach: number): boolean {
    return mayNeedParts(text, reach);
  }

  joinParts(state: JsonObject, texts: readonly string[]): void {
    const held = heldState(state);
    if (held !== null) joinParts(held, texts);
  }

  sealParts(state: JsonObject): SealedPart[] {
    const held = heldState(state);
    return held === null ? [] : sealParts(held, this.#run.config.settings);
  }

  step(
    set: Parameters<PartitionProcessor<LogRecord>['step']>[0],
    record: LogRecord,
    position: string,
    loggedAt: number,
  ): void {
    const run = this.#run;
    run.begin(set, position, loggedAt);
    switch (record.k) {
      case 'e':
        set.events += 1;
        run.follow();
        run.advance(record.t);
        countEvent(set.aggregates, record, loggedAt);
        this.#takeEvent(record);
        break;
      case 'd':
        count(set.aggregates, 'duplicates', undefined, 1);
        break;
      case 'c':
        if (record.t > set.clock.tick) set.clock.tick = record.t;
        break;
      case 'o':
        this.#takeConsent(record);
        break;
      case 'l':
        if (isFirstArrival(set, record.origin))
          takeLink(run, record, this.#customers.held, this.#customers.viewOf);
        break;
      case 't':
        if (isFirstArrival(set, record.origin)) this.#takeTransfer(record);
        break;
    }
    run.end();
  }

  fire(
    set: Parameters<PartitionProcessor<LogRecord>['fire']>[0],
    customers: readonly string[],
    position: string,
  ): void {
    const run = this.#run;
    // Timers write facts only, which carry event times: no log time is needed.
    run.begin(set, `${position}-fire`, set.aggregates.at);
    run.enter('timers');
    for (const customer of customers) {
      const state = this.#customers.held(customer);
      if (state === null || isOptedOut(deniedOf(set, customer)))
        hide(run, customer, state, this.#customers.viewOf);
      else finishCustomer(run, customer, state, this.#customers.viewOf(state), false);
    }
  }

  #takeEvent(event: CustomerEvent): void {
    const run = this.#run;
    const { set } = run;
    run.enter('consent');
    // The link itself is asked for and answered between partitions; till then nothing of the event may be used.
    if (event.l !== undefined && namedKeysOf(event).some((key) => set.deniedLinks.has(key)))
      optOutKey(run, event.c);
    if (isOptedOut(deniedOf(set, event.c))) {
      count(set.aggregates, 'optedOut', event.pl, 1);
      hide(run, event.c, this.#customers.held(event.c), this.#customers.viewOf);
      carryOptOut(run, event.c, event);
      return;
    }
    const redirect = set.redirects.get(event.c);
    if (typeof redirect === 'string') forwardEvent(run, redirect, event);
    else this.#applyEvent(event.c, event, false, false);
  }

  /** Applies an event to the customer it belongs to. `foreign`: of another key, judged for lateness where it arrived. */
  #applyEvent(customer: string, event: CustomerEvent, foreign: boolean, judgedLate: boolean): void {
    const run = this.#run;
    const { settings, sentiment } = run.config;
    const state = this.#customers.stateFor(customer);
    const view = this.#customers.viewOf(state);
    run.customer = customer;
    // However late: of signals the newest stands, whenever it comes.
    if (event.cs !== undefined) takeSignals(run, customer, state, signalsAt(event.cs, event.t));
    askForKeys(run, customer, state, event);
    if (isTooLate(state, event.t, settings.latenessMs, foreign ? judgedLate : undefined)) {
      takeLateEvent(run, customer, state, event);
      finishCustomer(run, customer, state, view, true);
      return;
    }
    const before = settledAsOf(state.n);
    noteNewest(state, foreign ? NO_TIME : heldTime(event.t), event.t);
    applyEvent(state, view, event, run.clock, settings, sentiment, run);
    run.enter('timers');
    const asOf = settledAsOf(state.n);
    settleCustomer(run, state, view, asOf > before || event.t <= asOf ? asOf : NEVER);
    decide(run, customer, state, view, event);
    finishCustomer(run, customer, state, view, true);
  }

  #takeTransfer(record: TransferRecord): void {
    const run = this.#run;
    const { set } = run;
    const { from, to, origin, ...rest } = record;
    run.enter('identity');
    const redirect = set.redirects.get(to);
    if (record.optedOut) this.#takeOptOut(from, to);
    if (typeof redirect === 'string' && origin.hops < MAX_HOPS) {
      send(run, redirect, { ...rest, from, to: redirect }, origin.hops + 1);
      return;
    }
    if (isOptedOut(deniedOf(set, to))) return;
    if (record.events === undefined) this.#takeHistory(record);
    for (const event of record.events ?? []) {
      run.advance(event.t);
      this.#applyEvent(to, event, true, record.late === true);
    }
  }

  #takeHistory({ from, to, state: moved, at }: TransferRecord): void {
    const run = this.#run;
    const { set } = run;
    const state = this.#customers.stateFor(to);
    const view = this.#customers.viewOf(state);
    run.customer = to;
    const other = heldState(moved ?? null);
    const otherKeys = other?.lk ?? [];
    state.lk = [...new Set([...(state.lk ?? []), ...otherKeys, from])].filter((key) => key !== to).sort();
    const asked = [...(state.la ?? []), ...(other?.la ?? [])];
    const { lk } = state;
    state.la = [...new Set(asked)].filter((key) => key !== to && !lk.includes(key)).sort();
    if (state.la.length === 0) state.la = undefined;
    if (other !== null) {
      run.advance(other.n);
      // The transfer stays in the log: what the merge consumes must be a copy.
      const copy = structuredClone(other);
      mergeCustomer(run, state, view, from, copy, at ?? NEVER);
      mergeCooldowns(run, to, other.cd);
      if (copy.sg !== undefined) takeSignals(run, to, state, copy.sg);
      settleCustomer(run, state, view, settledAsOf(state.n));
    }
    set.changedStates.add(to);
    finishCustomer(run, to, state, view, true);
  }

  /** A linked key turned out to be opted out: so is this one. Later, should both opt in again, they may be linked anew. */
  #takeOptOut(from: string, to: string): void {
    const run = this.#run;
    const state = this.#customers.held(to);
    optOutKey(run, to);
    if (state?.la !== undefined) {
      state.la = state.la.filter((key) => key !== from);
      run.set.changedStates.add(to);
    }
    hide(run, to, state, this.#customers.viewOf);
  }

  #takeConsent(record: ConsentRecord): void {
    const run = this.#run;
    const { set } = run;
    run.enter('consent');
    const state = this.#customers.held(record.c);
    const denied = set.consent.has(record.c) ? deniedOf(set, record.c) : record.denied;
    if (isOptedOut(denied)) {
      hide(run, record.c, state, this.#customers.viewOf);
      return;
    }
    if (state === null) return;
    state.x = undefined;
    const refused = deniedWithSignals(state, { ...set.consent.get(record.c), denied: [...denied], v: 0 });
    if (state.na !== undefined && refused.includes(state.na.p)) state.na = undefined;
    finishCustomer(run, record.c, state, this.#customers.viewOf(state), true);
  }
}

const NO_KEYS: WorkingKeys = { customers: [] };

/**
 * The processor of a workspace's partitions. Rules and settings are fixed for its life: make a new one when they change.
 * The working set's state objects must not be shared with another processor, and a set whose commit failed must be
 * dropped with its state objects, since steps change them in place.
 */
export function createProcessor(config: ProcessorConfig): PartitionProcessor<LogRecord> {
  return new CustomerProcessor(config);
}
