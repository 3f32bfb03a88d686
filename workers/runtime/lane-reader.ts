import type { ReadCursor } from '@/server/event-log';
import { loadCustomers } from './customer-loader';
import { loadDeniedLinks } from './denied-links';
import type { HeldPartition } from './held-partition';
import type { LaneHoldings } from './lane-holdings';
import type { LaneOptions } from './lane-options';
import { type Delivery, deliver } from './outbox';
import type { PartitionBatch } from './partition-batch';
import { loadPartition } from './partition-loader';
import type { PartitionMemory } from './partition-memory';
import { loadParts } from './state-parts';

/** A lost doorbell costs at most this; where a lane has thousands of partitions, as many times this as they take turns. */
export const POLL_MS = 250;
/** Partitions of which a lane asks at once whether something came without a doorbell. */
const MOST_POLLED = 256;
/** Entries asked for of one partition in one read: a small count starves a hot partition. */
const READ_COUNT = 200;
/** Nothing more of a partition is read while this many of its entries wait. */
const MOST_PENDING = 100;
/** About how many entries may wait in the whole lane: what lives long in memory costs its collector dearly. */
const MOST_WAITING = 400;

type ReaderOptions = Pick<LaneOptions, 'log' | 'redis' | 'readers' | 'now' | 'plan'>;

/** Brings what a lane's next round works on into memory: partitions, log entries, customers. */
export class LaneReader {
  readonly #options: ReaderOptions;
  readonly #held: LaneHoldings;
  #polledAt = 0;

  constructor(options: ReaderOptions, held: LaneHoldings) {
    this.#options = options;
    this.#held = held;
  }

  /** Loads partitions that are new here. @returns names of others that got what a former owner left undelivered */
  async loadPartitions(): Promise<Set<string>> {
    const { log, redis, plan } = this.#options;
    const loading = [...this.#held].filter((held) => held.memory === null);
    await Promise.all(
      loading.map(async (held) => {
        const partitions = plan(held.shardId)?.partitions;
        if (partitions === undefined) return;
        const memory = await loadPartition(redis, { ...held, partitions }, held.epoch);
        if (memory === null) held.leaving = true;
        else await log.takeOver(held.shardId, held.partition);
        held.memory = memory;
      }),
    );
    const left: Delivery[] = [];
    for (const { shardId, partition, memory } of loading) {
      if (memory && memory.undelivered.length > 0)
        left.push({ shardId, partition, entries: memory.undelivered });
    }
    if (left.length === 0) return new Set();
    const rung = await deliver(log, redis, left);
    for (const { memory } of loading) if (memory) memory.undelivered = [];
    return rung;
  }

  /** Reads on in the logs of partitions where something may have come. @returns whether some must wait for the next round */
  async readEntries(): Promise<boolean> {
    const { memories, isLeftOver } = this.#next();
    const byShard = Map.groupBy(memories, ({ set }) => set.shardId);
    await Promise.all([...byShard].map(([shardId, own]) => this.#readOn(shardId, own)));
    return isLeftOver;
  }

  /** What is read of now: until about as many entries as may wait are at hand or asked for. */
  #next(): { memories: PartitionMemory[]; isLeftOver: boolean } {
    const memories: PartitionMemory[] = [];
    const wanting = this.#wanting();
    let waiting = [...this.#held].reduce((sum, { memory }) => sum + (memory?.pending.length ?? 0), 0);
    for (const held of this.#held.inOrder(wanting)) {
      const { memory } = held;
      if (memory === null) continue;
      if (waiting >= MOST_WAITING) return { memories, isLeftOver: true };
      held.rung = false;
      if (memory.more) waiting += READ_COUNT;
      memories.push(memory);
    }
    return { memories, isLeftOver: false };
  }

  async #readOn(shardId: number, memories: readonly PartitionMemory[]): Promise<void> {
    const found = await this.#options.log.read(shardId, memories.map(cursorOf), READ_COUNT);
    for (const memory of memories) {
      const entries = found.get(memory.set.partition) ?? [];
      memory.more = entries.length >= READ_COUNT;
      const last = entries.at(-1);
      if (!last) continue;
      memory.readTo = last.id;
      memory.pending = memory.pending.length === 0 ? entries : memory.pending.concat(entries);
    }
  }

  /** Partitions of which more may be read. */
  #wanting(): HeldPartition[] {
    const isPolled = this.#polls();
    return [...this.#held].filter((held) => {
      const { memory } = held;
      if (memory === null || memory.pending.length >= MOST_PENDING) return false;
      return isPolled(held) || held.rung || memory.more;
    });
  }

  /** @returns whether a partition's turn has come to be asked though nobody rang; it is asked then */
  #polls(): (held: HeldPartition) => boolean {
    const now = this.#options.now();
    if (now - this.#polledAt < POLL_MS) return () => false;
    this.#polledAt = now;
    const turns = Math.ceil(this.#held.size / MOST_POLLED);
    let left = MOST_POLLED;
    return (held) => {
      if (left === 0 || (turns > 1 && now - held.polledAt < turns * POLL_MS)) return false;
      left -= 1;
      held.polledAt = now;
      return true;
    };
  }

  /** Customers of the batches come from the store at once, and then what else their records need. */
  async loadCustomers(batches: readonly PartitionBatch[]): Promise<void> {
    const { redis, readers, plan } = this.#options;
    await loadCustomers(readers, batches);
    await Promise.all([
      loadParts(redis, batches, ({ memory }) => plan(memory.set.shardId)?.processor),
      loadDeniedLinks(redis, batches),
    ]);
  }
}

function cursorOf({ set, readTo, pending, events }: PartitionMemory): ReadCursor {
  return { partition: set.partition, after: readTo, events: pending.at(-1)?.eventsSoFar ?? events };
}
