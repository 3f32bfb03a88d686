import { readConsentFlags } from '@/server/core/consent-flags';
import type { JsonObject } from '@/server/core/json';
import type { LogRecord } from '@/server/event-log';
import { emptyWorkingSet, partNumbersOf, readState, stateText } from '@/server/processors';
import { compareEntryIds, partField } from '@/server/scaling';
import type {
  PartitionAggregates,
  PartitionProcessor,
  QueueEntry,
  WorkingSet,
} from '@/server/streaming/partition-step';
import { NEVER } from '@/server/streaming/watermarks';
import { ANONYMOUS } from '../archive-rows';
import type { PartitionSnapshot } from '../snapshots/partition-snapshot';
import type { ArchivedRecord } from './archived-log.repository';
import type { ReplayOutputs } from './replay-outputs';

/** A customer's state that was removed once the log stood at `offset`. */
export interface LeftByAge {
  customer: string;
  offset: string;
}

/** States and the parts kept beside them, as texts by the fields of the store. */
export interface Stored {
  states: Record<string, string>;
  parts: Record<string, string>;
}

/** What neither a snapshot nor the log says of the time between. */
export interface ReplayedPast {
  /** customers that left by age, each at an entry of the log */
  evictions?: readonly LeftByAge[];
  /** key that moved away → clock as of which its facts had been published here, ms */
  movedAt?: ReadonlyMap<string, number>;
  /** takes what is published; absent: nobody does */
  outputs?: ReplayOutputs;
}

export type LogProcessor = PartitionProcessor<LogRecord>;

/** A record threw: the replay must begin anew and pass it over, as the stream did. */
export class ReplayPoison extends Error {
  constructor(
    readonly position: string,
    cause: unknown,
  ) {
    super(`The processors threw at ${position}.`, { cause });
  }
}

/** A timer may stand early: it then fires, is set anew, and may be due again. */
const FIRING_ROUNDS = 16;
/** Records between which long cart buffers are sealed, as the stream does between commits: about as many as one of its own. */
const SEAL_EVERY = 256;

/** A partition in memory, taken on from a snapshot by the same pure steps as the stream's. */
export class PartitionReplay {
  readonly set: WorkingSet;
  records = 0;
  events = 0;
  readonly #processor: LogProcessor;
  readonly #stored: Stored;
  /** parts beside the states, as the records so far have left them */
  readonly #parts: Map<string, string>;
  /** what was published, where somebody takes it */
  readonly outputs: ReplayOutputs | undefined;
  #texts: Stored | undefined;
  readonly #evictions: LeftByAge[];
  readonly #movedAt: ReadonlyMap<string, number>;

  /**
   * @param snapshot null: from the beginning
   * @param past what else is known of the time after the snapshot
   */
  constructor(
    place: { shardId: number; partition: number; partitions: number },
    snapshot: PartitionSnapshot | null,
    processor: LogProcessor,
    past: ReplayedPast = {},
  ) {
    this.#processor = processor;
    this.#movedAt = past.movedAt ?? new Map();
    this.outputs = past.outputs;
    this.#evictions = [...(past.evictions ?? [])].sort((a, b) => compareEntryIds(a.offset, b.offset));
    this.#stored = { states: snapshot?.states ?? {}, parts: snapshot?.parts ?? {} };
    this.#parts = new Map(Object.entries(this.#stored.parts));
    this.set = emptyWorkingSet(place.partition, place.partitions, place.shardId);
    if (snapshot !== null) fill(this.set, snapshot);
    this.set.consent.set(ANONYMOUS, { denied: ['profiling'], v: 0 });
  }

  /** Steps records in the order of the log. @throws ReplayPoison */
  take(records: readonly ArchivedRecord[], poison: ReadonlySet<string>): void {
    for (let from = 0; from < records.length; from += SEAL_EVERY) {
      const piece = records.slice(from, from + SEAL_EVERY);
      const wanted = this.#open(piece);
      for (const one of piece) this.#takeOne(one, poison);
      for (const customer of wanted.keys()) this.#sealParts(customer);
      this.#publish();
    }
  }

  #takeOne({ position, loggedAt, record }: ArchivedRecord, poison: ReadonlySet<string>): void {
    this.records += 1;
    if (record.k === 'e') this.events += 1;
    if (poison.has(position)) return;
    if (this.#evictions.length > 0) this.evictBefore(position.slice(0, position.indexOf('/')));
    if (record.k === 'l') this.#fireMoving(record.from, position);
    try {
      this.#processor.step(this.set, record, position, loggedAt);
    } catch (cause) {
      throw new ReplayPoison(position, cause);
    }
  }

  /** Loads the customers of these records, with those of their parts that the records need. @returns customer → records */
  #open(piece: readonly ArchivedRecord[]): Map<string, LogRecord[]> {
    const wanted = new Map<string, LogRecord[]>();
    for (const { record } of piece) {
      for (const customer of this.#processor.keysOf(record).customers) {
        const own = wanted.get(customer);
        if (own) own.push(record);
        else wanted.set(customer, [record]);
      }
    }
    for (const [customer, records] of wanted) {
      const state = this.#load(customer);
      if (state === null) continue;
      const numbers = this.#processor.partsFor(state, records);
      if (numbers.length > 0) this.#processor.joinParts(state, this.#takeParts(customer, numbers));
    }
    return wanted;
  }

  /** Parts that are brought back into the state are no longer kept beside it. */
  #takeParts(customer: string, numbers: readonly number[]): string[] {
    return numbers.map((number) => {
      const field = partField(customer, number);
      const text = this.#parts.get(field) ?? '[]';
      this.#parts.delete(field);
      return text;
    });
  }

  #sealParts(customer: string): void {
    const state = this.set.states.get(customer) ?? null;
    if (state === null) return;
    for (const { number, text } of this.#processor.sealParts(state))
      this.#parts.set(partField(customer, number), text);
  }

  #publish(): void {
    const { set } = this;
    this.outputs?.add(set.outputs);
    set.outputs = [];
  }

  /**
   * A key that moves takes along which facts it had published. When timers fired depended on how the log was cut into
   * batches: before it leaves here it is brought to the clock that it left with.
   */
  #fireMoving(key: string, position: string): void {
    const clock = this.#movedAt.get(key);
    if (clock === undefined) return;
    const { set } = this;
    const now = set.clock;
    set.clock = { newest: clock, tick: clock };
    this.#load(key);
    this.#processor.fire(set, [key], `${position}-moving`);
    set.clock = now;
  }

  /** Takes out who had left by age before this entry. */
  evictBefore(entry: string): void {
    for (
      let next = this.#evictions[0];
      next !== undefined && compareEntryIds(next.offset, entry) < 0;
      next = this.#evictions[0]
    ) {
      this.#evictions.shift();
      const state = this.#load(next.customer);
      if (state !== null) this.#takeParts(next.customer, partNumbersOf(state));
      this.set.states.set(next.customer, null);
      this.set.changedStates.add(next.customer);
      this.set.cooldowns.set(next.customer, null);
    }
  }

  /** Fires what the clock has passed. At the end is early enough: facts carry the times of what closed, not of firing. */
  fire(position: string): void {
    const { set } = this;
    const clock = Math.max(set.clock.newest, set.clock.tick);
    for (let round = 0; round < FIRING_ROUNDS; round += 1) {
      const due = [...set.timers]
        .filter(([, at]) => at !== null && at <= clock)
        .map(([customer]) => customer);
      if (due.length === 0) return;
      for (const customer of due) this.#load(customer);
      this.#processor.fire(set, due, `${position}.${round}`);
      this.#publish();
    }
  }

  /** Every customer's state as the store would keep it, parts beside it. Ends the replay: what is sealed is not stepped. */
  texts(): Stored {
    this.#texts ??= this.#seal();
    return this.#texts;
  }

  #seal(): Stored {
    const { states: held, changedStates } = this.set;
    const states = { ...this.#stored.states };
    for (const customer of changedStates) {
      this.#sealParts(customer);
      const state = held.get(customer) ?? null;
      if (state === null) delete states[customer];
      else states[customer] = stateText(state);
    }
    return { states, parts: Object.fromEntries(this.#parts) };
  }

  redirects(): Record<string, string> {
    return present(this.set.redirects);
  }

  #load(customer: string): JsonObject | null {
    const { states } = this.set;
    const held = states.get(customer);
    if (held !== undefined) return held;
    const text = ownText(this.#stored.states, customer);
    const state = text === undefined ? null : readState(text);
    states.set(customer, state);
    return state;
  }
}

/** A customer may be called what every object has. */
function ownText(texts: Record<string, string>, key: string): string | undefined {
  return Object.hasOwn(texts, key) ? texts[key] : undefined;
}

/** What a map holds, without what is known to be absent. */
export function present<T>(values: ReadonlyMap<string, T | null>): Record<string, T> {
  return Object.fromEntries([...values].filter((entry): entry is [string, T] => entry[1] !== null));
}

function fill(set: WorkingSet, snapshot: PartitionSnapshot): void {
  const { newest = NEVER, tick = NEVER } = snapshot.clock;
  set.clock = { newest: Number(newest), tick: Number(tick) };
  for (const [key, target] of Object.entries(snapshot.redirects)) set.redirects.set(key, target);
  // What cannot be read denies, and fails no recovery, as where the stream itself reads them.
  for (const [key, text] of Object.entries(snapshot.consent)) set.consent.set(key, readConsentFlags(text));
  fillParsed<QueueEntry>(set.queue, snapshot.queue);
  fillParsed<Record<string, number>>(set.cooldowns, snapshot.cooldowns);
  for (let at = 0; at + 1 < snapshot.timers.length; at += 2) {
    set.timers.set(snapshot.timers[at] ?? '', Number(snapshot.timers[at + 1]));
  }
  if (snapshot.aggregates !== null)
    Object.assign(set.aggregates, JSON.parse(snapshot.aggregates) as Partial<PartitionAggregates>);
  for (const [target, sent] of Object.entries(snapshot.sent)) set.sent.set(Number(target), Number(sent));
  for (const [source, taken] of Object.entries(snapshot.inbox)) set.inbox.set(Number(source), Number(taken));
}

function fillParsed<T>(target: Map<string, T | null>, texts: Record<string, string>): void {
  for (const [key, text] of Object.entries(texts)) target.set(key, JSON.parse(text) as T);
}
