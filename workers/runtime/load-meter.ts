import type { PartitionLoad } from '@/server/scaling';

/** Time constant of the smoothing, ms: a burst of a second or two moves no partition. */
const SMOOTHED_OVER_MS = 10_000;
const MS_PER_SECOND = 1_000;

interface Reading {
  /** customer events processed; null while not known */
  events: number | null;
  at: number;
  /** events a second; null before two readings */
  load: number | null;
}

/** Events a second of the partitions held, exponentially smoothed. */
export class LoadMeter {
  #readings = new Map<string, Reading>();
  /** as former holders told it */
  #inherited = new Map<string, number>();

  /** What other workers say of their partitions: where one of them comes here, it starts from that. */
  hear(loads: readonly PartitionLoad[]): void {
    this.#inherited = new Map(loads.map(({ name, load }) => [name, load]));
  }

  /**
   * @param held partitions held now, with the customer events processed in each so far
   * @param at ms
   */
  measure(held: ReadonlyMap<string, number | null>, at: number): PartitionLoad[] {
    const readings = new Map<string, Reading>();
    for (const [name, events] of held) readings.set(name, this.#read(name, events, at));
    this.#readings = readings;
    return [...readings].map(([name, { load }]) => ({ name, load: rounded(load ?? 0) }));
  }

  #read(name: string, events: number | null, at: number): Reading {
    const before = this.#readings.get(name);
    const known = before ? before.load : (this.#inherited.get(name) ?? null);
    if (events === null || !before || before.events === null) return { events, at, load: known };
    const elapsed = at - before.at;
    if (elapsed <= 0) return before;
    const rate = (Math.max(0, events - before.events) * MS_PER_SECOND) / elapsed;
    if (known === null) return { events, at, load: rate };
    const weight = 1 - Math.exp(-elapsed / SMOOTHED_OVER_MS);
    return { events, at, load: known + weight * (rate - known) };
  }
}

function rounded(load: number): number {
  return Math.round(load * 10) / 10;
}
