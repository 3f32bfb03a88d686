import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import { type CustomerEvent, type LogRecord, namedKeysOf } from '@/server/event-log/records';
import type { Fact } from '@/server/streaming/fact';
import type { OutputRecord, PartitionProcessor, WorkingSet } from '@/server/streaming/partition-step';
import { digestOf, partNumbersOf } from './state-digest';
import { emptyWorkingSet } from './step-run';

/** Delivers records to partitions in memory, and their outboxes to one another's logs: the runtime in miniature. */
export class PartitionPump {
  readonly sets: WorkingSet[];
  readonly outputs: OutputRecord[] = [];
  readonly #processor: PartitionProcessor<LogRecord>;
  readonly #logs: LogRecord[][];
  readonly #offsets: number[];
  /** `customer number` → part sealed off a state */
  readonly #parts = new Map<string, string>();
  #entries = 0;
  /** records a partition steps before its due timers fire: where batches are cut */
  batch = 1;
  /** store every state as text between batches, as the runtime does when its cache is cold */
  cold = false;

  constructor(processor: PartitionProcessor<LogRecord>, partitions: number) {
    this.#processor = processor;
    this.sets = Array.from({ length: partitions }, (_, index) => emptyWorkingSet(index, partitions));
    this.#logs = this.sets.map(() => []);
    this.#offsets = this.sets.map(() => 0);
  }

  /** Parts that lie beside the states. */
  get partCount(): number {
    return this.#parts.size;
  }

  append(event: CustomerEvent): void {
    this.#logOf(partitionOf(event.c, this.sets.length)).push(event);
  }

  appendTo(partition: number, record: LogRecord): void {
    this.#logOf(partition).push(record);
  }

  /** Processes what one partition has waiting. False: nothing waited. */
  run(partition: number): boolean {
    const set = this.sets[partition] as WorkingSet;
    const log = this.#logOf(partition);
    const from = this.#offsets[partition] ?? 0;
    if (from >= log.length) return false;
    const until = Math.min(log.length, from + this.batch);
    this.#join(set, log.slice(from, until));
    set.deniedLinks = this.#deniedLinks(log.slice(from, until));
    for (let offset = from; offset < until; offset += 1) {
      this.#processor.step(set, log[offset] as LogRecord, this.#position(), 1);
    }
    this.#offsets[partition] = until;
    this.#commit(set);
    this.#fire(set);
    return true;
  }

  /** Processes everything, outboxes included. */
  drain(): this {
    while (this.sets.some((_, partition) => this.run(partition)));
    return this;
  }

  /** A tick of the clock in every partition. */
  tick(t: number): this {
    for (const [partition] of this.sets.entries()) this.appendTo(partition, { k: 'c', t, epoch: 1 });
    return this.drain();
  }

  /** Facts that stand: retracted ones are gone. */
  facts(): Fact[] {
    const sums = new Map<string, { fact: Fact; sum: number }>();
    for (const output of this.outputs) {
      if (output.o !== 'fact') continue;
      const { o: _o, position: _position, sign, ...rest } = output;
      const key = JSON.stringify([
        rest.kind,
        rest.customer,
        rest.at,
        rest.amount,
        rest.currency,
        rest.platform,
      ]);
      const entry = sums.get(key) ?? { fact: { ...rest, sign: 1 }, sum: 0 };
      entry.sum += sign;
      sums.set(key, entry);
    }
    const facts: Fact[] = [];
    for (const { fact, sum } of sums.values()) {
      if (sum < 0) throw new Error(`retracted what was never published: ${JSON.stringify(fact)}`);
      for (let i = 0; i < sum; i += 1) facts.push(fact);
    }
    return facts.sort((a, b) => a.at - b.at || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
  }

  /** A customer's state with all its parts. */
  state(customer: string): JsonObject | null {
    for (const set of this.sets) {
      const state = set.states.get(customer);
      if (!state) continue;
      const [copy, parts] = this.#whole(customer, state);
      this.#processor.joinParts(copy, parts);
      return copy;
    }
    return null;
  }

  /** Canonical kept state of all customers. */
  digest(): string {
    const lines: string[] = [];
    for (const set of this.sets) {
      for (const [customer, state] of set.states)
        if (state !== null)
          lines.push(`${customer} ${digestOf(...this.#whole(customer, state), this.#endOf)}`);
      for (const [key, to] of set.redirects) if (to !== null) lines.push(`${key} > ${this.#endOf(to)}`);
    }
    return lines.sort().join('\n');
  }

  #endOf = (key: string): string => {
    const to = this.sets[partitionOf(key, this.sets.length)]?.redirects.get(key);
    return typeof to === 'string' ? this.#endOf(to) : key;
  };

  /** Of the keys that events name beside their own, those that are opted out. */
  #deniedLinks(records: readonly LogRecord[]): Set<string> {
    const named = records.flatMap((record) => (record.k === 'e' ? namedKeysOf(record) : []));
    const denied = named.filter((key) => {
      const flags = this.sets[partitionOf(key, this.sets.length)]?.consent.get(key);
      return flags?.denied.includes('profiling') === true;
    });
    return new Set(denied);
  }

  /** Brings back what a batch needs of the parts that were sealed. */
  #join(set: WorkingSet, records: readonly LogRecord[]): void {
    for (const [customer, state] of set.states) {
      if (state === null) continue;
      const own = records.filter((record) => this.#processor.keysOf(record).customers.includes(customer));
      const numbers = this.#processor.partsFor(state, own);
      this.#processor.joinParts(state, this.#partsOf(customer, numbers));
      for (const number of numbers) this.#parts.delete(`${customer} ${number}`);
    }
  }

  #partsOf(customer: string, numbers: readonly number[]): string[] {
    return numbers.map((number) => {
      const text = this.#parts.get(`${customer} ${number}`);
      if (text === undefined) throw new Error(`Part ${number} of ${customer} is not there.`);
      return text;
    });
  }

  #whole(customer: string, state: JsonObject): [JsonObject, string[]] {
    const copy = structuredClone(state);
    return [copy, this.#partsOf(customer, partNumbersOf(copy))];
  }

  #fire(set: WorkingSet): void {
    const clock = Math.max(set.clock.newest, set.clock.tick);
    const due = [...set.timers].filter(([, at]) => at !== null && at <= clock).map(([customer]) => customer);
    if (due.length === 0) return;
    this.#processor.fire(set, due, this.#position());
    this.#commit(set);
  }

  #commit(set: WorkingSet): void {
    for (const { target, record } of set.outbox.splice(0)) {
      this.#logOf(target).push(JSON.parse(JSON.stringify(record)) as LogRecord);
    }
    this.outputs.push(...set.outputs.splice(0));
    if (!this.cold) return;
    for (const customer of set.changedStates) {
      const state = set.states.get(customer);
      if (!state) continue;
      for (const { number, text } of this.#processor.sealParts(state))
        this.#parts.set(`${customer} ${number}`, text);
      set.states.set(customer, JSON.parse(JSON.stringify(state)) as JsonObject);
    }
    set.changedStates.clear();
  }

  #position(): string {
    this.#entries += 1;
    return `${this.#entries}-0/0`;
  }

  #logOf(partition: number): LogRecord[] {
    const log = this.#logs[partition];
    if (log === undefined) throw new RangeError(`no partition ${partition}`);
    return log;
  }
}
