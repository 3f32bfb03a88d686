/** A lease this process has, from job to job: the partitions that are worked on under it. */
export class HeldLease {
  readonly #partitions = new Set<string>();
  readonly #wanted = new Set<string>();
  #leaving = false;
  #end: () => void = () => undefined;
  /** Resolves once it is given up and no partition is worked on under it any more. */
  readonly ended: Promise<void>;
  #emptySince: number;

  /**
   * @param isMine whether the lock of its job is still this process's; renews it
   * @param takenAt ms
   */
  constructor(
    readonly name: string,
    readonly isMine: () => Promise<boolean>,
    takenAt: number,
  ) {
    this.#emptySince = takenAt;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get partitions(): string[] {
    return [...this.#partitions];
  }

  get isLeaving(): boolean {
    return this.#leaving;
  }

  /** A partition of this lease has work. @returns whether it is to be taken now */
  want(partition: string): boolean {
    if (this.#leaving || this.#partitions.has(partition)) return false;
    this.#wanted.add(partition);
    return true;
  }

  /** @returns partitions that are wanted; they count as worked on until they are released */
  reserve(): string[] {
    const names = [...this.#wanted];
    this.#wanted.clear();
    for (const name of names) this.#partitions.add(name);
    return names;
  }

  /** @param at ms */
  release(partition: string, at: number): void {
    this.#partitions.delete(partition);
    if (this.#partitions.size > 0) return;
    this.#emptySince = at;
    if (this.#leaving) this.#end();
  }

  /** Takes no more partitions, and ends once those it has are released. */
  leave(): void {
    this.#leaving = true;
    this.#wanted.clear();
    if (this.#partitions.size === 0) this.#end();
  }

  /** Since when nothing is worked on under it, ms; null while something is or is wanted. */
  get emptySince(): number | null {
    return this.#partitions.size + this.#wanted.size > 0 ? null : this.#emptySince;
  }
}
