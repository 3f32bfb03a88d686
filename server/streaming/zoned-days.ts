import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '@/server/core/durations';
import type { Span } from './window-shape';

/** Days are remembered because asking the time zone costs a thousand times what a look-up does. */
const MOST_DAYS = 4_096;

/** The local date of an epoch day (days since 1970-01-01). */
export function dateOf(day: number): Temporal.PlainDate {
  const utc = new Date(day * DAY_MS);
  return new Temporal.PlainDate(utc.getUTCFullYear(), utc.getUTCMonth() + 1, utc.getUTCDate());
}

/** Local calendar days of a zone as spans of time. A day has 23, 24 or 25 hours, rarely others, and may begin after midnight. */
export class ZonedDays {
  readonly #zone: string;
  readonly #starts = new Map<number, number>();

  /** @throws RangeError when the zone is unknown */
  constructor(zone: string) {
    this.#zone = zone;
    this.#startOf(0);
  }

  /** Epoch day of the local date at `t`. */
  dayOf(t: number): number {
    const near = Math.floor(t / DAY_MS);
    // Local time is at most 14 hours ahead of UTC and 12 behind.
    for (const day of [near, near + 1]) if (t < this.#startOf(day)) return day - 1;
    return t < this.#startOf(near + 2) ? near + 1 : near + 2;
  }

  /** From the first moment of the local date to the first of the next. */
  spanOf(day: number): Span {
    return { start: this.#startOf(day), end: this.#startOf(day + 1) };
  }

  #startOf(day: number): number {
    const known = this.#starts.get(day);
    if (known !== undefined) return known;
    if (this.#starts.size >= MOST_DAYS) this.#starts.clear();
    const start = dateOf(day).toZonedDateTime(this.#zone).epochMilliseconds;
    this.#starts.set(day, start);
    return start;
  }
}
