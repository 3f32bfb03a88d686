import type { StepOperator } from '@/server/processors/topology.schema';
import type { OperatorStanding, OperatorTotals } from '@/server/scaling';
import type { OperatorProbe } from '@/server/streaming/operator-probe';

/** One event in so many is followed: a few readings of the clock then cost next to nothing per event. */
const FOLLOWED_EVERY = 32;

/** Measures, on a sample of a shard's events, which operators they come to and how long each has them in hand. */
export class OperatorSampler implements OperatorProbe<StepOperator> {
  readonly #totals = new Map<StepOperator, OperatorTotals>();
  readonly #clock: () => number;
  #followed = 0;
  #left = FOLLOWED_EVERY;
  #current: OperatorTotals | null = null;
  #since = 0;

  /** @param clock ms with fractions */
  constructor(clock: () => number = () => performance.now()) {
    this.#clock = clock;
  }

  wants(): boolean {
    this.#left -= 1;
    if (this.#left > 0) return false;
    this.#left = FOLLOWED_EVERY;
    this.#followed += 1;
    // What an event that threw had begun is forgotten.
    this.#current = null;
    return true;
  }

  enter(operator: StepOperator): void {
    const now = this.#clock();
    if (this.#current !== null) this.#current.ms += now - this.#since;
    const totals = this.#of(operator);
    if (totals !== this.#current) totals.events += 1;
    this.#current = totals;
    this.#since = now;
  }

  leave(): void {
    if (this.#current !== null) this.#current.ms += this.#clock() - this.#since;
    this.#current = null;
  }

  /** An operator threw at a record. */
  threw(operator: string): void {
    this.#of(operator as StepOperator).errors += 1;
  }

  /** Totals since the process began. */
  standing(at: number): OperatorStanding {
    return { at, followed: this.#followed, operators: Object.fromEntries(this.#totals) };
  }

  #of(operator: StepOperator): OperatorTotals {
    let totals = this.#totals.get(operator);
    if (totals === undefined) {
      totals = { events: 0, ms: 0, errors: 0 };
      this.#totals.set(operator, totals);
    }
    return totals;
  }
}
