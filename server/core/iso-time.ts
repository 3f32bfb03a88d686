import { isCalendarDay } from './calendar';

/** Date and time as programs write them: letters in either case, a point or a comma, a zone of hours alone as well. */
const ISO = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)?)?$/i;

/** Milliseconds since the epoch of an ISO 8601 text, UTC where it names no zone; NaN when it is none. */
export function isoTime(text: string): number {
  return ISO.test(text) && isCalendarDay(text) ? parse(text.toUpperCase()) : Number.NaN;
}

function parse(text: string): number {
  const whole = text.length === 10 ? `${text}T00:00:00Z` : text.replace(' ', 'T');
  const zoned = /(Z|[+-]\d\d(:?\d\d)?)$/.test(whole.slice(10)) ? whole : `${whole}Z`;
  const withMs = zoned.replace(',', '.').replace(/(\.\d{3})\d+/, '$1');
  return Date.parse(withMs.replace(/(:\d\d.*[+-]\d\d)$/, '$1:00').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
}
