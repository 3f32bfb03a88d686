/** Beats that are looked back on: after so many a clock that was set is believed. */
const KEPT = 10;

/**
 * The server's clock as a page knows it from beats. A beat that was held up on its way tells a time that has passed: of
 * the last ones, the one that was held up least is right.
 */
export class ServerClock {
  /** server's clock minus the page's, ms, newest last */
  #offsets: readonly number[] = [];

  /** @param serverMs time in the beat @param pageMs time of the page when it came */
  heard(serverMs: number, pageMs: number): void {
    this.#offsets = [...this.#offsets, serverMs - pageMs].slice(-KEPT);
  }

  /** The server's time at a time of the page, ms; the page's own before the first beat. */
  at(pageMs: number): number {
    return pageMs + (this.#offsets.length === 0 ? 0 : Math.max(...this.#offsets));
  }
}
