import type { DetailedLag } from './lag.service';

/** How much is kept of a partition, and of a group, in readings of a second. */
const PARTITION_READINGS = 30;
const GROUP_READINGS = 300;
/** Rates are taken over this time, trends over this. */
const RATE_MS = 5_000;
const TREND_MS = 10_000;
/** What is usual is the median of what came longer ago than this, from at least so many readings. */
const RECENT_MS = 20_000;
const FEWEST_READINGS = 15;

interface Reading {
  at: number;
  appended: number;
  processed: number;
  lagSeconds: number | null;
}

export interface CourseRates {
  /** customer events a second; null: not known yet */
  arriving: number | null;
  processed: number | null;
  /** s a second */
  trend: number | null;
}

/** A short ring of readings of one partition or of a whole group. Time comes in with the readings. */
export class LagCourse {
  #readings: Reading[] = [];

  constructor(private readonly capacity: number) {}

  static ofPartition(): LagCourse {
    return new LagCourse(PARTITION_READINGS);
  }

  static ofGroup(): LagCourse {
    return new LagCourse(GROUP_READINGS);
  }

  /** Counters that went back (a store was lost) begin anew. */
  add(reading: Reading): void {
    const last = this.#readings.at(-1);
    if (last && (reading.appended < last.appended || reading.processed < last.processed)) this.#readings = [];
    this.#readings.push(reading);
    if (this.#readings.length > this.capacity) this.#readings.shift();
  }

  rates(): CourseRates {
    const newest = this.#readings.at(-1);
    const first = this.#since(RATE_MS);
    if (!newest || !first || first.at === newest.at) return { arriving: null, processed: null, trend: null };
    const seconds = (newest.at - first.at) / 1_000;
    return {
      arriving: (newest.appended - first.appended) / seconds,
      processed: (newest.processed - first.processed) / seconds,
      trend: this.#trend(newest),
    };
  }

  /** Highest rate of arrival over 5 s within the last 20 s: a burst that just ended still explains what it left. */
  peakArriving(): number | null {
    const newest = this.#readings.at(-1);
    if (!newest) return null;
    return this.#arrivals((at) => at > newest.at - RECENT_MS).reduce<number | null>(
      (most, rate) => Math.max(most ?? 0, rate),
      null,
    );
  }

  /** Median rate of arrival before the last 20 s; null while too little is known. */
  usuallyArriving(): number | null {
    const newest = this.#readings.at(-1);
    if (!newest) return null;
    const rates = this.#arrivals((at) => at <= newest.at - RECENT_MS).sort((a, b) => a - b);
    return rates.length < FEWEST_READINGS ? null : (rates[Math.floor(rates.length / 2)] ?? null);
  }

  /** The lag over time, oldest first. */
  lags(): { at: number; value: number | null }[] {
    return this.#readings.map(({ at, lagSeconds }) => ({ at, value: lagSeconds }));
  }

  /** The oldest reading within this time before the newest. */
  #since(ms: number): Reading | undefined {
    const newest = this.#readings.at(-1);
    return newest && this.#readings.find(({ at }) => at >= newest.at - ms);
  }

  #trend(newest: Reading): number | null {
    const first = this.#since(TREND_MS);
    if (!first || first.at === newest.at || first.lagSeconds === null || newest.lagSeconds === null)
      return null;
    return (newest.lagSeconds - first.lagSeconds) / ((newest.at - first.at) / 1_000);
  }

  /** Rates of arrival over windows of 5 s that end where `isWanted`. */
  #arrivals(isWanted: (at: number) => boolean): number[] {
    const rates: number[] = [];
    let from = 0;
    for (const reading of this.#readings) {
      while ((this.#readings[from]?.at ?? reading.at) < reading.at - RATE_MS) from += 1;
      const first = this.#readings[from];
      if (!first || first.at === reading.at || !isWanted(reading.at)) continue;
      rates.push((reading.appended - first.appended) / ((reading.at - first.at) / 1_000));
    }
    return rates;
  }
}

/** Sums over partitions, with the worst lag: a partition of which nothing is known is never taken for zero. */
export function groupReading(at: number, rows: readonly DetailedLag[]): Reading {
  const sum: Reading = { at, appended: 0, processed: 0, lagSeconds: null };
  for (const { appended, processed, lagSeconds } of rows) {
    sum.appended += appended;
    sum.processed += processed;
    if (lagSeconds !== null) sum.lagSeconds = Math.max(sum.lagSeconds ?? 0, lagSeconds);
  }
  return sum;
}

/** How long until the backlog is gone, and until the lag is past the limit, at the present rates; null: never. */
export function outlook(
  lag: { lagSeconds: number | null; backlog: number },
  rates: CourseRates,
  limitSeconds: number,
): { drainSeconds: number | null; breachSeconds: number | null } {
  const gain = (rates.processed ?? 0) - (rates.arriving ?? 0);
  const isGrowing = rates.trend !== null && rates.trend > 0.05 && lag.lagSeconds !== null;
  const left = limitSeconds - (lag.lagSeconds ?? 0);
  return {
    drainSeconds: lag.backlog > 0 && gain > 0 ? lag.backlog / gain : null,
    breachSeconds: isGrowing && left > 0 ? left / (rates.trend ?? 1) : null,
  };
}
