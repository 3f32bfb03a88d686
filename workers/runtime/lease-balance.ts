import { planCounts, planMoves, type WorkerLoad } from '@/server/scaling';

/** A plan by load stands this long before it is carried out, ms: loads that come and go move nothing. */
const SETTLE_MS = 10_000;
/** Free hands for leases that are wanted before the next look. */
const SPARE = 8;

export interface Balance {
  /** how many leases this worker should have hands for */
  hands: number;
  /** leases to give up now */
  give: string[];
}

/** One worker's part in spreading leases: all workers compute the same plan, each gives up what is its own to give. */
export class LeaseBalance {
  readonly #worker: string;
  #plannedSince: number | null = null;

  constructor(worker: string) {
    this.#worker = worker;
  }

  /**
   * @param workers live workers of the group with the load under each of their leases, this one among them
   * @param waiting leases that nobody holds yet
   * @param at ms
   */
  decide(workers: readonly WorkerLoad[], waiting: number, at: number): Balance {
    // What waits goes to those with the least: that levels by itself.
    const moves = waiting > 0 ? [] : planMoves(workers);
    const isCalm = waiting === 0 && moves.length === 0;
    const counts = planCounts(workers, moves, isCalm ? SPARE : waiting);
    const hands = Math.max(1, counts.get(this.#worker) ?? 0);
    if (moves.length === 0) {
      this.#plannedSince = null;
      return { hands, give: [] };
    }
    this.#plannedSince ??= at;
    const idle = new Set(workers.filter((one) => one.partitions.length === 0).map(({ worker }) => worker));
    const isDue = at - this.#plannedSince >= SETTLE_MS || moves.some(({ to }) => idle.has(to));
    if (!isDue) return { hands, give: [] };
    this.#plannedSince = null;
    return { hands, give: moves.filter(({ from }) => from === this.#worker).map(({ name }) => name) };
  }
}
