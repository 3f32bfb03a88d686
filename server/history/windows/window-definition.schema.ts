import { z } from 'zod';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import { instantMsSchema } from '@/server/core/instant-ms.schema';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import { timeZoneSchema } from '@/server/identity/workspace-settings.schema';
import { FACT_MEASURE_NAMES } from '@/server/streaming/fact-measure';

export { FACT_MEASURE_NAMES, type MeasureResult } from '@/server/streaming/fact-measure';

/** Windows are told from archived facts in steps of a minute: finer bounds would be made up. */
const minutes = (most: number) =>
  z
    .number('Give a number.')
    .int()
    .min(MINUTE_MS, 'At least a minute.')
    .max(most, `At most ${most / DAY_MS} days.`)
    .multipleOf(MINUTE_MS, 'Whole minutes only.');

const MOST_SIZE_MS = 31 * DAY_MS;
/** A fact is counted in as many windows as the size holds slides. */
const MOST_OVERLAP = 60;

export const windowShapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('tumbling'), sizeMs: minutes(MOST_SIZE_MS) }),
  z.strictObject({
    kind: z.literal('hopping'),
    sizeMs: minutes(MOST_SIZE_MS),
    slideMs: minutes(MOST_SIZE_MS),
  }),
  z.strictObject({ kind: z.literal('session'), gapMs: minutes(DAY_MS) }),
]);

export const alignmentSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('epoch'),
    offsetMs: z.number().int().min(0).max(DAY_MS).multipleOf(MINUTE_MS),
  }),
  z.strictObject({ kind: z.literal('day'), zone: timeZoneSchema }),
  z.strictObject({
    kind: z.literal('businessHours'),
    calendarId: z.string().min(1, 'Choose a calendar.').max(80),
  }),
]);

const keepMs = z.number().int().min(MINUTE_MS).max(MOST_SIZE_MS);
export const latePolicySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('discard') }),
  z.strictObject({ kind: z.literal('sideOutput'), keepMs }),
  z.strictObject({ kind: z.literal('correct'), keepMs }),
]);

const definitionFields = z.strictObject({
  measure: z.enum(FACT_MEASURE_NAMES),
  groupBy: z.enum(['none', 'platform']),
  shape: windowShapeSchema,
  alignment: alignmentSchema,
  /** how far a partition's watermark stays behind its newest fact */
  watermarkDelayMs: z.number().int().min(0).max(HOUR_MS, 'At most an hour.'),
  latenessMs: z
    .number()
    .int()
    .min(0)
    .max(7 * DAY_MS, 'At most 7 days.'),
  latePolicy: latePolicySchema,
});
type DefinitionFields = z.output<typeof definitionFields>;

/** Why windows of this form can not be, or null. */
function formFault({ shape, alignment }: DefinitionFields): string | null {
  if (shape.kind === 'session') return null;
  const slideMs = shape.kind === 'hopping' ? shape.slideMs : shape.sizeMs;
  if (slideMs > shape.sizeMs) return 'The slide is at most the size.';
  if (shape.sizeMs / slideMs > MOST_OVERLAP) return `At most ${MOST_OVERLAP} windows may overlap.`;
  if (alignment.kind === 'epoch') return null;
  const fits = (ms: number) => (ms < DAY_MS ? DAY_MS % ms === 0 : ms % DAY_MS === 0);
  if (!fits(slideMs)) return 'Parts of a day divide it; more than a day is whole days.';
  if (slideMs >= DAY_MS && !fits(shape.sizeMs)) return 'Windows that slide by days are of whole days.';
  if (alignment.kind === 'businessHours' && shape.sizeMs > DAY_MS) return 'An opening is at most a day.';
  return null;
}

export const windowDefinitionSchema = definitionFields.superRefine((definition, context) => {
  const message = formFault(definition);
  if (message !== null) context.addIssue({ code: 'custom', path: ['shape'], message });
});
export type WindowDefinition = z.output<typeof windowDefinitionSchema>;

export const windowForm = z.strictObject({
  name: z.string().trim().min(1, 'Give it a name.').max(80, 'At most 80 characters.'),
  definition: windowDefinitionSchema,
});
export type WindowForm = z.output<typeof windowForm>;

const id = z.string().min(1).max(80);
export const windowId = z.strictObject({ id });
export const windowChange = z.strictObject({ id, version: rowNumberSchema, form: windowForm });

export const MOST_RANGE_MS = 31 * DAY_MS;

/** A definition, saved or not, over a range of event time. */
export const windowResultsInput = z
  .strictObject({ definition: windowDefinitionSchema, from: instantMsSchema, to: instantMsSchema })
  .refine(
    ({ from, to }) => to > from && to - from <= MOST_RANGE_MS,
    'The range is positive and at most 31 days.',
  );
export type WindowResultsInput = z.output<typeof windowResultsInput>;

export interface WindowView extends WindowForm {
  id: string;
  version: number;
  updatedBy: string;
  /** ms */
  updatedAt: number;
}
