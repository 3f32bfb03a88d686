import type { Heartbeat } from '@/server/scaling';
import { leaseOf } from './lease-name';

/** Who takes a lease takes what others worked on under it so lately, ms. */
const HEARD_MS = 10_000;

/** What the other workers of a group said last. */
export class OtherWorkers {
  #partitions: readonly string[] = [];
  #leases: ReadonlySet<string> = new Set();
  /** partition → when another was last heard to work on it, ms */
  readonly #heardAt = new Map<string, number>();

  /** @param at ms */
  hear(beats: readonly Heartbeat[], at: number): void {
    this.#partitions = beats.flatMap(({ partitions }) => partitions);
    this.#leases = new Set(beats.flatMap(({ leases }) => leases));
    for (const name of this.#partitions) this.#heardAt.set(name, at);
    for (const [name, heardAt] of this.#heardAt) if (at - heardAt > HEARD_MS) this.#heardAt.delete(name);
  }

  has(lease: string): boolean {
    return this.#leases.has(lease);
  }

  /** Partitions they work on now. */
  get partitions(): readonly string[] {
    return this.#partitions;
  }

  /** What any of them worked on lately under a lease, also one that is gone since. */
  workedOn(lease: string): string[] {
    return [...this.#heardAt.keys()].filter((name) => leaseOf(name) === lease);
  }
}
