import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import {
  type CustomerEvent,
  type LinkRecord,
  namedKeysOf,
  type Origin,
  type TransferRecord,
} from '@/server/event-log/records';
import type { WorkingSet } from '@/server/streaming/partition-step';
import {
  type CustomerState,
  heldTime,
  isMoved,
  laterOf,
  type MovedState,
  NO_TIME,
  type TimeOrNone,
} from './customer-state';
import type { CustomerView } from './customer-view';
import { setQueue, setTimer, withdrawCustomer } from './finish-customer';
import { countCustomers } from './metrics';
import { isBehind, ownNewest } from './newest-times';
import { deniedOf, isOptedOut, type StepRun } from './step-run';

/** Partitions a record may pass before it is processed where it is. */
export const MAX_HOPS = 8;

/** Further customers of a key that are noted: one that more share is a device in a shop, not a person's. */
export const MOST_OTHERS = 100;

/** A record of another partition before it is numbered. */
type Unnumbered = Omit<LinkRecord, 'origin'> | Omit<TransferRecord, 'origin'>;

/** Puts a record in the outbox for the partition of `key`, numbered per target. */
export function send(run: StepRun, key: string, record: Unnumbered, hops: number): void {
  const { set } = run;
  const target = partitionOf(key, set.partitions);
  const seq = (set.sent.get(target) ?? 0) + 1;
  set.sent.set(target, seq);
  const origin: Origin = { partition: set.partition, seq, hops };
  set.outbox.push({ target, record: { ...record, origin } as unknown as JsonObject });
}

/** Whether a cross-partition record comes for the first time; notes that it came. */
export function isFirstArrival(set: WorkingSet, origin: Origin): boolean {
  if (origin.seq <= (set.inbox.get(origin.partition) ?? 0)) return false;
  set.inbox.set(origin.partition, origin.seq);
  return true;
}

/** An event that names further keys asks for the history of each to come, once. */
export function askForKeys(run: StepRun, customer: string, state: CustomerState, event: CustomerEvent): void {
  for (const key of furtherKeys(event, customer)) {
    run.enter('identity');
    if (state.lk?.includes(key) || state.la?.includes(key)) continue;
    state.la = [...(state.la ?? []), key].sort();
    send(run, key, { k: 'l', from: key, to: customer, t: event.t }, 0);
  }
}

const NO_KEYS: readonly string[] = [];

function furtherKeys(event: CustomerEvent, customer: string): readonly string[] {
  // Of most events there are none.
  if (event.l === undefined) return NO_KEYS;
  return namedKeysOf(event).filter((key) => key !== '' && key !== customer);
}

/** A key's opt-out covers the key it is seen with; nothing else of the event is kept. */
export function carryOptOut(run: StepRun, customer: string, event: CustomerEvent): void {
  for (const key of furtherKeys(event, customer))
    send(run, key, { k: 'l', from: key, to: customer, t: event.t, optedOut: true }, 0);
}

/** Denies profiling for a key of this partition, as told by a linked one. */
export function optOutKey(run: StepRun, key: string): void {
  const { set } = run;
  if (isOptedOut(deniedOf(set, key))) return;
  const held = set.consent.get(key);
  set.consent.set(key, { ...held, denied: [...(held?.denied ?? []), 'profiling'], v: (held?.v ?? 0) + 1 });
  set.changedConsent.add(key);
}

export type ViewOfHeld = (state: CustomerState) => CustomerView;

/** `from`, which lives here, is told that it belongs to `to`: its history leaves as a transfer. First link wins. */
export function takeLink(
  run: StepRun,
  record: LinkRecord,
  held: (customer: string) => CustomerState | null,
  viewOfHeld: ViewOfHeld,
): void {
  const { set } = run;
  const { from, to } = record;
  if (from === to) return;
  run.enter('identity');
  const state = held(from);
  if (record.optedOut) {
    optOutKey(run, from);
    hide(run, from, state, viewOfHeld);
    run.output({ o: 'link', from, to, at: record.t });
    return;
  }
  if (isOptedOut(deniedOf(set, from))) {
    send(run, to, { k: 't', from, to, optedOut: true }, record.origin.hops + 1);
    run.output({ o: 'link', from, to, at: record.t });
    return;
  }
  if (typeof set.redirects.get(from) === 'string') {
    noteOther(run, record);
    return;
  }
  if (staysCustomer(state, from, to)) return;
  const transfer: Omit<TransferRecord, 'origin'> = { k: 't', from, to, at: record.t };
  if (state !== null) {
    withdrawCustomer(run, from, viewOfHeld(state));
    countCustomers(set.aggregates, -1);
    const cooldowns = set.cooldowns.get(from);
    if (cooldowns) state.cd = cooldowns;
    transfer.state = state as unknown as JsonObject;
  }
  leaveStub(set, from, to, state === null ? NO_TIME : ownNewest(state));
  if (set.cooldowns.get(from)) {
    set.cooldowns.set(from, null);
    set.changedCooldowns.add(from);
  }
  run.output({ o: 'link', from, to, at: record.t });
  send(run, to, transfer, record.origin.hops + 1);
}

/** Mutual links are broken by order: of two keys that asked for each other the smaller is the customer. */
function staysCustomer(state: CustomerState | null, from: string, to: string): boolean {
  if (state === null) return false;
  if (state.lk?.includes(to)) return true;
  return state.la?.includes(to) === true && from < to;
}

function leaveStub(set: WorkingSet, from: string, to: string, newest: TimeOrNone): void {
  const stub: MovedState = { m: to, w: newest };
  set.states.set(from, stub);
  set.changedStates.add(from);
  set.redirects.set(from, to);
  set.changedRedirects.add(from);
}

/** A key that belongs to one customer was seen with another: whoever opts out is found from either side. */
function noteOther(run: StepRun, { from, to, t: at }: LinkRecord): void {
  const { set } = run;
  const stub = set.states.get(from);
  if (!stub || !isMoved(stub) || stub.m === to) return;
  const others = stub.o ?? [];
  if (others.includes(to) || others.length >= MOST_OTHERS) return;
  set.states.set(from, { ...stub, o: [...others, to].sort() });
  set.changedStates.add(from);
  run.output({ o: 'link', from, to, at });
}

/** Takes an opted-out customer off screens and timers; what is kept stays as it is. */
export function hide(run: StepRun, key: string, state: CustomerState | null, viewOfHeld: ViewOfHeld): void {
  if (state === null) {
    setTimer(run, key, null);
    setQueue(run, key, null);
    return;
  }
  withdrawCustomer(run, key, viewOfHeld(state));
  if (state.x === 1) return;
  state.x = 1;
  run.set.changedStates.add(key);
}

/**
 * An event of a key that was moved away goes after it, judged for lateness here, by the key's own newest event, so
 * that the verdict does not depend on when which partition was read.
 */
export function forwardEvent(run: StepRun, to: string, event: CustomerEvent): void {
  const { set } = run;
  run.enter('identity');
  const held = set.states.get(event.c);
  const stub: MovedState = held && isMoved(held) ? held : { m: to, w: NO_TIME };
  const transfer: Omit<TransferRecord, 'origin'> = { k: 't', from: event.c, to, events: [event] };
  if (isBehind(stub.w, event.t, run.config.settings.latenessMs)) transfer.late = true;
  const later = laterOf(stub.w, heldTime(event.t));
  if (later !== stub.w) {
    set.states.set(event.c, { ...stub, m: to, w: later });
    set.changedStates.add(event.c);
  }
  send(run, to, transfer, 1);
}
