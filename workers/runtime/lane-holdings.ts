import { partitionName } from '@/server/scaling';
import type { HeldPartition } from './held-partition';
import type { PartitionMemory } from './partition-memory';

/** The partitions of one lane, from lease to lease. */
export class LaneHoldings {
  readonly #held = new Map<string, HeldPartition>();
  /** number of the last turn of each shard */
  readonly #turns = new Map<number, number>();
  #turn = 0;

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

  [Symbol.iterator](): Iterator<HeldPartition> {
    return this.#held.values();
  }

  /**
   * The order in which partitions are served: workspaces in turn, and of each the partition first whose records have waited
   * longest. Between workspaces it is not by waiting, which would let one that gets more than its share hold up all the
   * others; within one, a partition that gets more than its share does not fall behind alone.
   */
  inOrder(waiting: readonly HeldPartition[]): HeldPartition[] {
    const byShard = [...Map.groupBy(waiting, ({ shardId }) => shardId)];
    byShard.sort(([a], [b]) => this.#turnOf(a) - this.#turnOf(b));
    return interleaved(byShard.map(([, own]) => byWaiting(own)));
  }

  #turnOf(shardId: number): number {
    return this.#turns.get(shardId) ?? 0;
  }

  /** The workspace had its turn: those that waited longer come first. */
  served({ shardId }: HeldPartition): void {
    this.#turn += 1;
    this.#turns.set(shardId, this.#turn);
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

function byWaiting(partitions: readonly HeldPartition[]): HeldPartition[] {
  return partitions
    .map((held) => ({ held, since: held.waitsSince }))
    .sort((a, b) => a.since - b.since)
    .map(({ held }) => held);
}

/** The first of each list, then the second of each, and so on. */
function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  const total = lists.reduce((sum, { length }) => sum + length, 0);
  const order: T[] = [];
  for (let at = 0; order.length < total; at += 1) {
    for (const list of lists) if (at < list.length) order.push(list[at] as T);
  }
  return order;
}
