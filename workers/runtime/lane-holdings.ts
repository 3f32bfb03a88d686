import { partitionName } from '@/server/scaling';
import type { HeldPartition } from './held-partition';
import type { PartitionMemory } from './partition-memory';

/** The partitions of one lane, from lease to lease. */
export class LaneHoldings {
  readonly #held = new Map<string, HeldPartition>();

  /** Takes a partition in, instead of one of that name whose lease is over. */
  add(held: HeldPartition): void {
    const before = this.#held.get(held.name);
    // The same process may get a job again whose lock it could not renew in time. Nobody else had it in between when
    // the epochs are neighbours: what is in memory then still stands.
    if (before?.memory && Number(held.epoch) === Number(before.epoch) + 1) {
      held.memory = before.memory;
      held.memory.epoch = held.epoch;
    }
    before?.end();
    this.#held.set(held.name, held);
  }

  get size(): number {
    return this.#held.size;
  }

  names(): string[] {
    return [...this.#held.keys()];
  }

  get(name: string): HeldPartition | undefined {
    return this.#held.get(name);
  }

  /**
   * In turn: the partition whose last batch lies furthest back comes first. Not by how long its records have waited, which
   * would let one that gets more than its share hold up all the others: it falls behind alone.
   */
  [Symbol.iterator](): Iterator<HeldPartition> {
    return this.#held.values();
  }

  /** Its turn is over: those that waited longer come first. */
  toBack(held: HeldPartition): void {
    if (this.#held.delete(held.name)) this.#held.set(held.name, held);
  }

  /** The partition's lease, unless it ended or was reset meanwhile. */
  of(memory: PartitionMemory): HeldPartition | undefined {
    const held = this.#held.get(partitionName(memory.set.shardId, memory.set.partition));
    return held?.memory === memory ? held : undefined;
  }

  /** Marks those of the partitions that are held as leaving. */
  leave(names: readonly string[]): void {
    for (const name of names) {
      const held = this.#held.get(name);
      if (held) held.leaving = true;
    }
  }

  /** Gives up those that are marked. */
  release(): void {
    for (const held of this.#held.values()) {
      if (!held.leaving) continue;
      this.#held.delete(held.name);
      held.end();
    }
  }

  /** Forgets what is in memory of all: the next round reads it anew. */
  reset(): void {
    for (const held of this.#held.values()) held.reset();
  }
}
