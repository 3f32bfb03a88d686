import { LagCourse } from './lag-course';

/** It must have been too far behind, and no less so, for so long before anything is refused, ms. */
const DUE_MS = 10_000;
/** Processors that have done nothing for so long stand still: how long they will take cannot be told, ms. */
const STANDING_MS = 3_000;
/** Where nothing had to be refused for so long, the limit is not needed, ms. */
const QUIET_MS = 10_000;
/** Below this part of the bound everything is let in again. */
const RELEASE_AT = 0.8;
/** The least that is let in, as a part of what is processed. */
const LEAST_SHARE = 0.92;
/** How much of the rate known so far the newest one replaces. */
const WEIGHT = 0.2;

/** Counts of all partitions of a shard as of one moment. */
export interface ShardCounts {
  /** ms */
  at: number;
  /** customer events that ever came, and that the processors have done */
  appended: number;
  processed: number;
}

/**
 * How many events a second of a shard may be let in while its processors are behind, from one reading a second.
 *
 * It begins when the backlog would take longer than the bound to drain at the rate at which it is being drained, and has
 * not been shrinking; then it lets in what is processed, less by as much as the drain time is past the bound and more by
 * as much as it is short of it: a proportional controller that comes to rest at the bound. Pure: time comes with the readings.
 */
export class LagAdmission {
  readonly #behindSeconds: number;
  #course = LagCourse.ofPartition();
  #last: ShardCounts | null = null;
  #movedAt = 0;
  #capacity: number | null = null;
  #dueSince: number | null = null;
  #neededAt = 0;
  #limit: number | null = null;

  /** @param behindSeconds time to drain past which traffic is refused, s */
  constructor(behindSeconds: number) {
    this.#behindSeconds = behindSeconds;
  }

  /** Events a second; null: all may come in. */
  get limit(): number | null {
    return this.#limit;
  }

  /** s at the rate of the last seconds; null: not known, or nothing is processed */
  get drainSeconds(): number | null {
    if (!this.#last || !this.#capacity) return null;
    return backlogOf(this.#last) / this.#capacity;
  }

  /** @param hasRefused whether the limit has turned anything away since the last reading */
  observe(counts: ShardCounts, hasRefused: boolean): void {
    if (this.#stands(counts)) {
      this.release();
      this.#course = LagCourse.ofPartition();
      this.#capacity = null;
    }
    this.#last = counts;
    this.#course.add({ ...counts, lagSeconds: null });
    const { arriving, processed } = this.#course.rates();
    if (arriving === null || processed === null) return;
    this.#capacity = (this.#capacity ?? processed) + WEIGHT * (processed - (this.#capacity ?? processed));
    if (hasRefused) this.#neededAt = counts.at;
    if (this.#limit !== null) this.#hold(counts.at);
    else this.#judge(counts.at, arriving >= processed);
  }

  /** Lets everything in, as where nothing is known. */
  release(): void {
    this.#limit = null;
    this.#dueSince = null;
  }

  #stands(counts: ShardCounts): boolean {
    const moved = this.#last === null || counts.processed !== this.#last.processed;
    if (moved || backlogOf(counts) === 0) this.#movedAt = counts.at;
    return counts.at - this.#movedAt >= STANDING_MS;
  }

  #judge(at: number, isGrowing: boolean): void {
    const drainSeconds = this.drainSeconds ?? 0;
    if (!isGrowing || drainSeconds <= this.#behindSeconds) {
      this.#dueSince = null;
      return;
    }
    this.#dueSince ??= at;
    if (at - this.#dueSince < DUE_MS) return;
    this.#neededAt = at;
    this.#hold(at);
  }

  #hold(at: number): void {
    const ofBound = (this.drainSeconds ?? 0) / this.#behindSeconds;
    if (ofBound < RELEASE_AT || at - this.#neededAt >= QUIET_MS) this.release();
    else this.#limit = (this.#capacity ?? 0) * Math.max(LEAST_SHARE, 2 - ofBound);
  }
}

const backlogOf = ({ appended, processed }: ShardCounts) => Math.max(0, appended - processed);
