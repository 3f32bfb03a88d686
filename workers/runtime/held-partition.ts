import { entryTime, partitionName } from '@/server/scaling';
import type { PartitionMemory } from './partition-memory';

/** A partition whose lease this process has. */
export class HeldPartition {
  readonly name: string;
  /** Null until loaded, and again after a commit that did not land. */
  memory: PartitionMemory | null = null;
  /** position → what was thrown: skipped when the batch is stepped again */
  readonly poison = new Map<string, string>();
  /** something may have come */
  rung = true;
  /** when it was asked last whether something came without a doorbell, ms */
  polledAt = 0;
  /** when a step threw that has not been done again since, ms; 0: none */
  threwAt = 0;
  /** to be given up at the next safe point */
  leaving = false;
  #end: () => void = () => undefined;
  /** Resolves when the partition was given up. */
  readonly ended: Promise<void>;

  constructor(
    readonly shardId: number,
    readonly partition: number,
    readonly epoch: string,
    readonly heldSince: number,
  ) {
    this.name = partitionName(shardId, partition);
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /**
   * Log time of the oldest record that may wait, ms: of those at hand, else of the last that was read. One whose step threw
   * waits from then on, so that it holds up nobody by throwing again and again.
   */
  get waitsSince(): number {
    if (this.memory === null) return this.threwAt;
    const { pending, readTo } = this.memory;
    return Math.max(this.threwAt, entryTime(pending[0]?.id ?? readTo));
  }

  /** Forgets what is in memory: the next round reads it anew from where the last commit left it. */
  reset(): void {
    this.memory = null;
    this.rung = true;
  }

  end(): void {
    this.memory = null;
    this.#end();
  }
}
