import { z } from 'zod';
import { isInstant } from '@/server/core/calendar';
import { isoTime } from '@/server/core/iso-time';

/** Milliseconds since the epoch, or ISO 8601 as the times of events are read (without a zone: UTC); of the years 1 to 9999. */
export const instantSchema = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .transform((text, context) => {
    const ms = /^-?\d+$/.test(text) ? Number(text) : isoTime(withPlus(text));
    if (isInstant(ms)) return ms;
    context.addIssue(
      'Give milliseconds since the epoch, or ISO 8601 such as 2026-11-22T10:00:00Z, of the years 1 to 9999.',
    );
    return z.NEVER;
  });

/** A `+` of a zone arrives as a space when the sender did not encode it. */
function withPlus(text: string): string {
  return text.replace(/(T[\d:.,]+) (\d\d(:?\d\d)?)$/, '$1+$2');
}
