import type { JsonObject } from '@/server/core/json';
import type { LogEntry } from '@/server/event-log';
import { entryTime, STREAM_START } from '@/server/scaling';
import type {
  ConsentFlags,
  PartitionAggregates,
  QueueEntry,
  WorkingSet,
} from '@/server/streaming/partition-step';
import { KeptCustomers, type StoredCustomer } from './kept-customers';
import type { OutboxEntry } from './outbox';

/** Characters of a state from which on it is kept parsed, and how many such states. */
const LARGE_STATE = 3_000;
const MOST_PARSED = 32;

/**
 * What a worker keeps of a partition while it holds the lease: the working set of a batch, the customers of former
 * batches, and where it stands. Thrown away whole when the lease goes or a commit did not land.
 */
export class PartitionMemory {
  /** customers as committed */
  readonly kept = new KeptCustomers();
  /** states written by the commit that is on its way, as text */
  readonly written = new Map<string, string>();
  /** entries read and not yet processed */
  pending: LogEntry[] = [];
  /** last entry read, where the next read starts */
  readTo: string;
  /** customers whose timers the clock has passed */
  due: string[] = [];
  /** fired in the last batch, so that a timer that stays cannot turn the loop idle-hot */
  fired = new Set<string>();
  /** the last read was full: there is more */
  more = true;
  /** the batch held records of other partitions */
  inboxTouched = false;
  /** outbox entries that a former owner left, to be delivered before anything else */
  undelivered: OutboxEntry[] = [];
  /** aggregates changed since they were pushed last */
  aggregatesDirty = false;
  /** log time of the newest record that was no tick, ms */
  lastRecordAt: number;
  /** earliest timer, ms of event time; null: none */
  nextTimer: number | null = null;
  /** ms of processing time of the last push with aggregates */
  aggregatesPushedAt = 0;

  constructor(
    readonly set: WorkingSet,
    public epoch: string,
    public offset: string,
    public events: number,
    public consentVersion: string,
    public sequence: string,
  ) {
    this.readTo = offset;
    this.lastRecordAt = offset === STREAM_START ? 0 : entryTime(offset);
  }

  get drained(): boolean {
    return this.pending.length === 0 && this.due.length === 0 && !this.more;
  }

  /** Forgets what a batch noted, once it is committed. */
  settle(): void {
    const { set } = this;
    this.inboxTouched = false;
    set.events = 0;
    set.changedStates.clear();
    set.changedRedirects.clear();
    set.changedConsent.clear();
    set.changedQueue.clear();
    set.changedCooldowns.clear();
    set.changedTimers.clear();
    set.outputs = [];
    set.outbox = [];
  }

  /** Brings customers into the working set. @returns those that must be learned from the store first */
  take(customers: Iterable<string>): string[] {
    const missing: string[] = [];
    for (const customer of customers) {
      if (this.set.states.has(customer)) continue;
      const stored = this.kept.get(customer);
      if (stored) this.#unpack(customer, stored);
      else missing.push(customer);
    }
    return missing;
  }

  /** Takes in what the store holds of a customer; all null when it holds nothing. */
  learn(customer: string, stored: StoredCustomer): void {
    this.kept.set(customer, stored);
    this.#unpack(customer, stored);
  }

  #unpack(customer: string, { state, redirect, queue, cooldowns, due }: StoredCustomer): void {
    const { set } = this;
    set.states.set(customer, state === null ? null : (JSON.parse(state) as JsonObject));
    set.redirects.set(customer, redirect);
    set.queue.set(customer, queue);
    set.cooldowns.set(customer, cooldowns);
    set.timers.set(customer, due);
  }

  /**
   * Packs the customers of a batch that was committed, before it is settled. Only few large states stay parsed: the
   * others are read faster from their text than the collector of garbage would take to carry them along.
   */
  pack(maxBytes: number): void {
    const { set, kept } = this;
    let parsed = 0;
    for (const customer of set.states.keys()) {
      const before = kept.get(customer);
      const state =
        set.states.get(customer) === null ? null : (this.written.get(customer) ?? before?.state ?? null);
      kept.set(customer, {
        state,
        redirect: set.redirects.get(customer) ?? null,
        queue: set.queue.get(customer) ?? null,
        cooldowns: set.cooldowns.get(customer) ?? null,
        due: set.timers.get(customer) ?? null,
      });
      if (state !== null && state.length >= LARGE_STATE && parsed < MOST_PARSED) parsed += 1;
      else this.#drop(customer);
    }
    this.written.clear();
    kept.shrink(maxBytes);
  }

  #drop(customer: string): void {
    const { set } = this;
    set.states.delete(customer);
    set.redirects.delete(customer);
    set.queue.delete(customer);
    set.cooldowns.delete(customer);
    set.timers.delete(customer);
  }
}

export interface LoadedPartition {
  epoch: string;
  offset: Record<string, string>;
  clock: Record<string, string>;
  aggregates: string | null;
  sent: Record<string, string>;
  inbox: Record<string, string>;
  consentVersion: string | null;
  consent: Record<string, string>;
  sequence: string | null;
}

/** Builds the memory of a partition from what its keys hold. */
export function memoryOf(
  place: { shardId: number; partition: number; partitions: number },
  loaded: LoadedPartition,
): PartitionMemory {
  const consent = new Map<string, ConsentFlags | null>();
  for (const [customer, text] of Object.entries(loaded.consent)) {
    consent.set(customer, JSON.parse(text) as ConsentFlags);
  }
  const set: WorkingSet = {
    ...place,
    clock: { newest: Number(loaded.clock.newest ?? 0), tick: Number(loaded.clock.tick ?? 0) },
    states: new Map<string, JsonObject | null>(),
    redirects: new Map(),
    consent,
    queue: new Map<string, QueueEntry | null>(),
    cooldowns: new Map(),
    timers: new Map(),
    aggregates: aggregatesOf(loaded.aggregates),
    sent: numbersOf(loaded.sent),
    inbox: numbersOf(loaded.inbox),
    events: 0,
    changedStates: new Set(),
    changedRedirects: new Set(),
    changedConsent: new Set(),
    changedQueue: new Set(),
    changedCooldowns: new Set(),
    changedTimers: new Set(),
    outputs: [],
    outbox: [],
  };
  return new PartitionMemory(
    set,
    loaded.epoch,
    loaded.offset.id ?? STREAM_START,
    Number(loaded.offset.n ?? 0),
    loaded.consentVersion ?? '0',
    loaded.sequence ?? '0',
  );
}

function numbersOf(hash: Record<string, string>): Map<number, number> {
  return new Map(Object.entries(hash).map(([key, value]) => [Number(key), Number(value)]));
}

function aggregatesOf(text: string | null): PartitionAggregates {
  const empty: PartitionAggregates = {
    at: 0,
    counters: {},
    byPlatform: {},
    bySource: {},
    gauges: {},
    money: {},
    funnel: {},
  };
  return text === null ? empty : { ...empty, ...(JSON.parse(text) as Partial<PartitionAggregates>) };
}
