/**
 * Limits a rate in units a second, with a burst of one second. A batch is taken whole when anything is left, and pays
 * its debt off before the next: large batches get through a small limit, only more seldom.
 */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(
    private readonly perSecond: number,
    now: number,
  ) {
    this.#tokens = perSecond;
    this.#at = now;
  }

  /** Takes `count`. Returns 0 when they may pass, else the milliseconds after which to try again. */
  take(count: number, now: number): number {
    this.#tokens = Math.min(this.perSecond, this.#tokens + ((now - this.#at) / 1_000) * this.perSecond);
    this.#at = now;
    if (this.#tokens <= 0) return Math.ceil(((1 - this.#tokens) / this.perSecond) * 1_000);
    this.#tokens -= count;
    return 0;
  }
}
