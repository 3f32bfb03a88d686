import type { ConsentFlags } from '@/server/core/consent-flags';
import type { JsonObject } from '@/server/core/json';
import type { Fact } from './fact';

/**
 * The contract between the pure engine (`server/streaming`, `server/processors`) and its runtime (`workers/runtime`).
 * The runtime loads a working set, calls the processor for each record, and commits what changed. Nothing here is
 * asynchronous and nothing reads a clock: time comes with the input.
 */

/** Settings of a workspace that the stream needs; all required, none defaulted here. */
export interface StreamSettings {
  visitGapMs: number;
  cartGapMs: number;
  latenessMs: number;
  /** ISO 4217 code for events that name no currency */
  currency: string;
}

/** Which customers' records the runtime must have loaded before a record is stepped. */
export interface WorkingKeys {
  customers: string[];
}

/** Why a customer stands in the agents' queue. */
export const QUEUE_REASONS = ['contact', 'rule', 'cart'] as const;
export type QueueReason = (typeof QUEUE_REASONS)[number];

export interface QueueEntry {
  customer: string;
  reason: QueueReason;
  /** plain words for the row, such as "payment failed twice" */
  title: string;
  /** when the wait began, ms: the SLA clock */
  since: number;
  channel: 'web' | 'chat' | 'call' | 'app' | 'store';
  /** value at risk, exact decimal text, with its currency */
  value?: string;
  currency?: string;
  /** time of the newest event in it, ms */
  at: number;
}

/** Counters only grow; gauges are what is now. Dimensions: platform. The screen takes differences of counters. */
export interface PartitionAggregates {
  /** ms: newest log time counted */
  at: number;
  counters: Record<string, number>;
  /** counters per platform: `platform → counter → value` */
  byPlatform: Record<string, Record<string, number>>;
  /** counters per source id: events only */
  bySource: Record<string, number>;
  gauges: Record<string, number>;
  /** exact decimal sums per currency: revenue, abandonedValue, revenueAtRisk */
  money: Record<string, Record<string, string>>;
  /** funnel of visits: step → visits that reached it, and of the live ones */
  funnel: Record<string, { reached: number; live: number }>;
}

export interface DecisionOutput {
  /** `<record position>-<index>` */
  position: string;
  customer: string;
  ruleId: string;
  ruleVersion: number;
  purpose: string;
  action: JsonObject;
  inputs: JsonObject;
  provisional: boolean;
  eventAt: number;
  decidedAt: number;
  /** the use case the rule belongs to; null: none */
  useCaseId: string | null;
  /** the customer is in the use case's holdout: the rule fired, and nothing is done about it */
  heldOut: boolean;
}

/** A consent signal that changed what is denied for a customer: on its way to the consent of record. */
export interface SignalOutput {
  position: string;
  customer: string;
  kind: string;
  /** all it denies; none when it allows everything */
  denied: string[];
  /** event time, ms */
  at: number;
}

export interface LateOutput {
  position: string;
  customer: string;
  messageId: string;
  name: string;
  eventAt: number;
  loggedAt: number;
  latenessMs: number;
  published: JsonObject;
  corrected: JsonObject;
}

/** Rows for the archive, in the order they arose. */
export type OutputRecord =
  | ({ o: 'fact'; position: string } & Fact)
  | ({ o: 'decision' } & DecisionOutput)
  | ({ o: 'late' } & LateOutput)
  | ({ o: 'signal' } & SignalOutput)
  | { o: 'link'; from: string; to: string; at: number }
  | ({ o: 'poison' } & PoisonOutput);

/** A record that the processors threw at: skipped by the runtime, kept as a dead letter. */
export interface PoisonOutput {
  position: string;
  messageId: string | null;
  sourceId: string;
  eventAt: number;
  receivedAt: number;
  /** what was thrown, without the record's own content */
  detail: string;
}

/** To be appended to the log of `target`; numbered by the engine in `sent`. */
export interface OutboxRecord {
  target: number;
  record: JsonObject;
}

/**
 * The part of a partition that one batch works on. The runtime fills it, the processor mutates it, the commit
 * writes what the `changed…` sets name. A map value of null means "known to be absent" and is written as a deletion.
 */
export interface WorkingSet {
  shardId: number;
  partition: number;
  partitions: number;
  /** newest event time and last tick, ms; `NEVER`: none yet */
  clock: { newest: number; tick: number };
  /** keyed state as parsed JSON; the processors' own type inside */
  states: Map<string, JsonObject | null>;
  redirects: Map<string, string | null>;
  /** absent: nothing denied */
  consent: Map<string, ConsentFlags | null>;
  /** keys that this batch's events name beside their own and that are opted out, whichever partition they live in */
  deniedLinks: Set<string>;
  queue: Map<string, QueueEntry | null>;
  cooldowns: Map<string, Record<string, number> | null>;
  /** customer → earliest due event time; null: none */
  timers: Map<string, number | null>;
  aggregates: PartitionAggregates;
  /** target partition → last number given */
  sent: Map<number, number>;
  /** source partition → last number applied */
  inbox: Map<number, number>;
  /** customer events processed in this batch, whatever became of them */
  events: number;
  changedStates: Set<string>;
  changedRedirects: Set<string>;
  changedConsent: Set<string>;
  changedQueue: Set<string>;
  changedCooldowns: Set<string>;
  changedTimers: Set<string>;
  outputs: OutputRecord[];
  outbox: OutboxRecord[];
}

/** A part of a customer's state that is kept beside it. */
export interface SealedPart {
  number: number;
  text: string;
}

/** What the runtime calls. Implemented by `createProcessor` in `server/processors`. */
export interface PartitionProcessor<Record> {
  /** Operator that has, or had last, a record in hand: named when something throws. */
  readonly inHand?: string;
  /** Keys (customer keys, also the targets of redirects known to the set) that must be loaded first. */
  keysOf(record: Record): WorkingKeys;
  /** Applies one record. Pure: same set and record, same result. `loggedAt` is the entry's log time, ms. */
  step(set: WorkingSet, record: Record, position: string, loggedAt: number): void;
  /** How far back in event time (ms) a record reaches into what is kept of its customer; minus infinity: all of it. */
  reachOf(record: Record): number;
  /** Whether a state, by its text alone, may need parts for records that reach so far: says yes rather once too often. */
  mayNeedParts(text: string, reach: number): boolean;
  /** Numbers of the parts kept beside a customer's state that these records of the customer need, oldest first. */
  partsFor(state: JsonObject, records: readonly Record[]): number[];
  /** Brings parts back into the state, as they were named. */
  joinParts(state: JsonObject, texts: readonly string[]): void;
  /** Takes out of a changed state what is better kept beside it. What the customer's events come to stays the same. */
  sealParts(state: JsonObject): SealedPart[];
  /** Derives again the customers whose timers the clock has passed (they must be loaded). */
  fire(set: WorkingSet, customers: readonly string[], position: string): void;
}
