/** First and last instant of the years 1 to 9999: beyond them ISO 8601 and the database no longer agree. */
export const FIRST_INSTANT_MS = -62_135_596_800_000;
export const LAST_INSTANT_MS = 253_402_300_799_999;

/** Whether it is an instant of those years; no number is none. */
export function isInstant(ms: number): boolean {
  return ms >= FIRST_INSTANT_MS && ms <= LAST_INSTANT_MS;
}

const LONG = 31;
const SHORT_MONTHS: Readonly<Record<number, number>> = { 4: 30, 6: 30, 9: 30, 11: 30 };

/** How many days a month (1 to 12) has. */
export function daysOfMonth(year: number, month: number): number {
  if (month !== 2) return SHORT_MONTHS[month] ?? LONG;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return isLeap ? 29 : 28;
}

/** Whether a text that begins `YYYY-MM-DD` names a day of the calendar: `Date.parse` makes March of 30 February. */
export function isCalendarDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOfMonth(year, month);
}
