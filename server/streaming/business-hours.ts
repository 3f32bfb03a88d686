import { Temporal } from 'temporal-polyfill';
import type { BusinessCalendar, OpeningHours, Span } from './window-shape';
import { dateOf, ZonedDays } from './zoned-days';

const MOST_DAYS = 4_096;

/**
 * Openings of a business calendar. Hours belong to the local date on which they begin, also those past midnight; on a holiday
 * nothing begins. A local time that daylight saving skips is read as that much later, one that comes twice as the first.
 */
export class BusinessHours {
  readonly #calendar: BusinessCalendar;
  readonly #days: ZonedDays;
  readonly #holidays: ReadonlySet<string>;
  readonly #openings = new Map<number, readonly Span[]>();

  constructor(calendar: BusinessCalendar) {
    this.#calendar = calendar;
    this.#days = new ZonedDays(calendar.zone);
    this.#holidays = new Set(calendar.holidays);
  }

  /** The opening that holds `t`; null while closed. */
  openingAt(t: number): Span | null {
    const today = this.#days.dayOf(t);
    for (const day of [today - 1, today]) {
      for (const opening of this.#of(day)) if (opening.start <= t && t < opening.end) return opening;
    }
    return null;
  }

  /** Openings that begin on a local date. */
  #of(day: number): readonly Span[] {
    const known = this.#openings.get(day);
    if (known !== undefined) return known;
    if (this.#openings.size >= MOST_DAYS) this.#openings.clear();
    const openings = this.#derive(dateOf(day));
    this.#openings.set(day, openings);
    return openings;
  }

  #derive(date: Temporal.PlainDate): Span[] {
    if (this.#holidays.has(date.toString())) return [];
    return this.#calendar.hours
      .filter(({ day }) => day === date.dayOfWeek)
      .map((hours) => this.#spanOf(date, hours))
      .filter(({ start, end }) => end > start);
  }

  #spanOf(date: Temporal.PlainDate, { opens, closes }: OpeningHours): Span {
    const closing = closes <= opens ? date.add({ days: 1 }) : date;
    return { start: this.#instantOf(date, opens), end: this.#instantOf(closing, closes) };
  }

  #instantOf(date: Temporal.PlainDate, time: string): number {
    const local = date.toPlainDateTime(Temporal.PlainTime.from(time));
    return local.toZonedDateTime(this.#calendar.zone, { disambiguation: 'compatible' }).epochMilliseconds;
  }
}
