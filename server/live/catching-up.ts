import { isOfOldEvents, type RecordTimes } from '@/server/observability';

const NOTHING_YET: RecordTimes = { recordAt: null, newestAt: null };

/** Which partitions of a shard are fed what happened a while ago: who waits in them may have left since. */
export class CatchingUp {
  readonly #progress = new Map<number, RecordTimes>();
  readonly #behind = new Set<number>();

  get size(): number {
    return this.#behind.size;
  }

  has(partition: number): boolean {
    return this.#behind.has(partition);
  }

  /** A partition was read. @returns whether it came to be behind, or ceased to be */
  read(partition: number, progress: RecordTimes, now: number): boolean {
    this.#progress.set(partition, progress);
    return this.#judge(partition, now);
  }

  /**
   * A partition was committed. Only an event newer than all before it says how far the partition is: a timer that is seen to,
   * and a late event, do not.
   * @returns whether it came to be behind, or ceased to be
   */
  committed(partition: number, newestAt: number, now: number): boolean {
    const { newestAt: before } = this.#progress.get(partition) ?? NOTHING_YET;
    if (before !== null && newestAt <= before) return false;
    return this.read(partition, { recordAt: now, newestAt }, now);
  }

  /** Partitions to which nothing old has come for a while. @returns those that ceased to be behind */
  settle(now: number): number[] {
    return [...this.#behind].filter((partition) => this.#judge(partition, now));
  }

  #judge(partition: number, now: number): boolean {
    const isBehind = isOfOldEvents(this.#progress.get(partition) ?? NOTHING_YET, now);
    if (isBehind === this.#behind.has(partition)) return false;
    if (isBehind) this.#behind.add(partition);
    else this.#behind.delete(partition);
    return true;
  }
}
