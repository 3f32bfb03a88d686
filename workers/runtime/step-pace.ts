/** The steps of one round may take about this long in one go: heartbeats and locks are kept between rounds. */
const STEPS_MS = 400;
/** How much of what is known the newest measurement replaces. */
const WEIGHT = 0.5;

/** How many records a round may hold, by how long they have taken: slow handlers must not cost the lease. */
export class StepPace {
  #msPerRecord = 0;

  note(records: number, ms: number): void {
    if (records === 0) return;
    this.#msPerRecord += WEIGHT * (ms / records - this.#msPerRecord);
  }

  /** At least one, so that it goes on however slow a record is. */
  get mostRecords(): number {
    return Math.max(1, Math.floor(STEPS_MS / Math.max(1e-6, this.#msPerRecord)));
  }
}
