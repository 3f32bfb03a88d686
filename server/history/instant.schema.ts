import { z } from 'zod';
import { isCalendarDay, isInstant } from '@/server/core/calendar';

/** Milliseconds since the epoch, or ISO 8601 with a zone (a date alone is midnight UTC); of the years 1 to 9999. */
export const instantSchema = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .transform((text, context) => {
    const ms = /^-?\d+$/.test(text) ? Number(text) : isoTime(text);
    if (isInstant(ms)) return ms;
    context.addIssue(
      'Give milliseconds since the epoch, or ISO 8601 such as 2026-11-22T10:00:00Z, of the years 1 to 9999.',
    );
    return z.NEVER;
  });

const ISO = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** A `+` of a zone arrives as a space when the sender did not encode it. */
function isoTime(text: string): number {
  const mended = text.replace(' ', '+');
  return ISO.test(mended) && isCalendarDay(mended) ? Math.round(Date.parse(mended)) : Number.NaN;
}
