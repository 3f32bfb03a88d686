import { z } from 'zod';
import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import { timeZoneSchema } from '@/server/identity/workspace-settings.schema';
import type { OpeningHours } from '@/server/streaming/window-shape';

export const MOST_HOURS = 28;
export const MOST_HOLIDAYS = 400;
const WEEK_MS = 7 * DAY_MS;

const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day such as 09:00.')
  .meta({ examples: ['09:00'] });

export const openingHoursSchema = z.strictObject({
  day: z.number().int().min(1).max(7),
  opens: clockTime,
  /** at or before `opens`: on the next day */
  closes: clockTime,
});

/** Opening and closing within the week, ms from Monday's midnight; the end may lie in the next week. */
function weekSpan({ day, opens, closes }: OpeningHours): [number, number] {
  const ms = (time: string) => Number(time.slice(0, 2)) * 60 * MINUTE_MS + Number(time.slice(3)) * MINUTE_MS;
  const start = (day - 1) * DAY_MS + ms(opens);
  return [start, start + ((ms(closes) - ms(opens) + DAY_MS - 1) % DAY_MS) + 1];
}

/** Whether two openings of a week are open at one time. */
function overlap(hours: readonly OpeningHours[]): boolean {
  const spans = hours.map(weekSpan).sort((a, b) => a[0] - b[0]);
  return spans.some(([start, end], index) => {
    const next = spans[index + 1] ?? [(spans[0]?.[0] ?? start) + WEEK_MS];
    return next[0] < end;
  });
}

const isDate = (text: string) =>
  new Date(`${text}T00:00:00Z`).toString() !== 'Invalid Date' &&
  new Date(`${text}T00:00:00Z`).toISOString().startsWith(text);

export const businessCalendarForm = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(80, 'At most 80 characters.'),
  zone: timeZoneSchema,
  hours: z
    .array(openingHoursSchema)
    .min(1, 'Open on one day at least.')
    .max(MOST_HOURS)
    .refine((hours) => !overlap(hours), 'Two openings overlap.'),
  holidays: z
    .array(
      z
        .string()
        .regex(/^\d{4}-\d\d-\d\d$/, 'A date such as 2026-12-25.')
        .refine(isDate, 'No such date.')
        .meta({ examples: ['2026-12-25'] }),
    )
    .max(MOST_HOLIDAYS, `At most ${MOST_HOLIDAYS} dates.`)
    .transform((dates) => [...new Set(dates)].sort()),
});
export type BusinessCalendarForm = z.output<typeof businessCalendarForm>;

const id = z.string().min(1).max(80);
export const businessCalendarId = z.strictObject({ id });
export const businessCalendarChange = z.strictObject({
  id,
  version: rowNumberSchema,
  form: businessCalendarForm,
});

export interface BusinessCalendarView extends BusinessCalendarForm {
  id: string;
  version: number;
}
