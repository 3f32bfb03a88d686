/** A half-open span of event time, ms. */
export interface Span {
  start: number;
  end: number;
}

/** What a window is, before it is said where windows begin. Sizes in ms; nothing has a default. */
export type WindowShape =
  | { kind: 'tumbling'; sizeMs: number }
  | { kind: 'hopping'; sizeMs: number; slideMs: number }
  | { kind: 'session'; gapMs: number };

/** Opening hours of one weekday (1 Monday … 7 Sunday) as local `HH:MM`; `closes` at or before `opens` is the next day. */
export interface OpeningHours {
  day: number;
  opens: string;
  closes: string;
}

/** When a business is open. */
export interface BusinessCalendar {
  /** IANA time zone */
  zone: string;
  hours: readonly OpeningHours[];
  /** local dates, `YYYY-MM-DD`, on which nothing opens */
  holidays: readonly string[];
}

/**
 * Where windows begin.
 * - `epoch`: at multiples of their slide since 1970-01-01T00:00Z, moved by the offset; knows no zone.
 * - `day`: anew at every local midnight. Parts of a day are elapsed time from midnight (a day of 25 hours has 25 windows of
 *   an hour); tumbling ones are cut at the next midnight; whole days are local days, of 23, 24 or 25 hours.
 * - `businessHours`: anew at every opening, cut at closing. What falls outside is in no window.
 */
export type Alignment =
  | { kind: 'epoch'; offsetMs: number }
  | { kind: 'day'; zone: string }
  | { kind: 'businessHours'; calendar: BusinessCalendar };
