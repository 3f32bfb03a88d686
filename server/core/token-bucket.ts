/**
 * Limits a rate in units a second, with a burst of one second. A batch is taken whole when anything is left, and pays
 * its debt off before the next: large batches get through a small limit, only more seldom.
 */
export class TokenBucket {
  #tokens: number;
  #perSecond: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
    this.#at = now;
  }

  /** Takes `count`. Returns 0 when they may pass, else the milliseconds after which to try again. */
  take(count: number, now: number): number {
    const waitMs = this.waitMs(now);
    if (waitMs === 0) this.spend(count);
    return waitMs;
  }

  /** 0 when something may pass now, else the milliseconds until it may. */
  waitMs(now: number): number {
    this.#refill(now);
    return this.#tokens > 0 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1_000);
  }

  /** Counts what has passed, also where that is more than was left. */
  spend(count: number): void {
    this.#tokens -= count;
  }

  /** From now on another rate holds; what is left or owed stays. */
  setRate(perSecond: number, now: number): void {
    this.#refill(now);
    this.#perSecond = perSecond;
  }

  #refill(now: number): void {
    const earned = ((now - this.#at) / 1_000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + earned);
    this.#at = now;
  }
}
