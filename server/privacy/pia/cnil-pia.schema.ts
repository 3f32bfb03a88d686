import { z } from 'zod';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import {
  dpiaPurposesSchema,
  FEARED_EVENTS,
  type FearedEvent,
  MOST_RISKS,
  riskSchema,
  screeningSchema,
} from '../dpia.schema';

/**
 * The file by which the CNIL's PIA software (github.com/LINCnil/pia) hands an assessment over, as its export writes it and
 * its import reads it. What we do not read stays in the parsed value, so that it can be named.
 */

/** Longest file that is read, in characters. */
export const MOST_FILE_CHARACTERS = 240_000;

const text = z.string().max(100_000).nullish();
/** 0 or nothing: not estimated; 1 negligible to 4 maximum */
const gauge = z
  .union([
    z.number().int().min(0).max(4),
    z
      .string()
      .regex(/^[0-4]$/)
      .transform(Number),
  ])
  .nullish();
const reference = z.union([z.number(), z.string().max(40)]).transform(String);

const answerSchema = z.looseObject({
  reference_to: reference,
  data: z.looseObject({ text, gauge, list: z.array(z.string().max(2_000)).max(200).nullish() }),
});
const measureSchema = z.looseObject({ title: text, content: text });
const evaluationSchema = z.looseObject({
  reference_to: reference,
  evaluation_comment: text,
  action_plan_comment: text,
  gauges: z.looseObject({ x: gauge, y: gauge }).nullish(),
});
const commentSchema = z.looseObject({ reference_to: reference.nullish(), description: text });

const listOf = <T extends z.ZodType>(item: T, most: number) =>
  z
    .array(item)
    .max(most)
    .nullish()
    .transform((list) => list ?? []);

/** What an assessment of ours says that has no place in theirs. Their software leaves it unread. */
const ownPartSchema = z.object({
  format: z.literal(1),
  purposes: dpiaPurposesSchema,
  screening: screeningSchema,
  dueAt: z.coerce.date().nullable(),
  /** in order; those that stand in one of their three places are only named */
  risks: z
    .array(z.union([z.strictObject({ id: z.string().max(40), inPlace: z.enum(FEARED_EVENTS) }), riskSchema]))
    .max(MOST_RISKS),
});
export type OwnPart = z.infer<typeof ownPartSchema>;

export const cnilPiaSchema = z.looseObject({
  pia: z.looseObject({
    name: z.string().trim().min(3, 'At least 3 characters').max(2_000),
    dpo_opinion: text,
  }),
  answers: listOf(answerSchema, 500),
  measures: listOf(measureSchema, 500),
  evaluations: listOf(evaluationSchema, 2_000),
  comments: listOf(commentSchema, 2_000),
  millrace: ownPartSchema.optional(),
});
export type CnilPia = z.infer<typeof cnilPiaSchema>;

/** Places of the three feared events: section 3, items 2 to 4; their questions are numbered 3 item 1 to 3 item 6. */
export const PLACES: Record<FearedEvent, { item: number; title: string }> = {
  access: { item: 2, title: 'Illegitimate access to data' },
  change: { item: 3, title: 'Unwanted change of data' },
  loss: { item: 4, title: 'Disappearance of data' },
};

/** The questions of a feared event. */
export function questionsOf(event: FearedEvent) {
  const first = 300 + PLACES[event].item * 10;
  return {
    impacts: first + 1,
    threats: first + 2,
    sources: first + 3,
    measures: first + 4,
    severity: first + 5,
    likelihood: first + 6,
    evaluation: `3.${PLACES[event].item}`,
  };
}

/** The question that a single text of ours answers. */
export const QUESTION_OF = { description: 111, retention: 215 } as const;

export const importPiaSchema = z.object({
  /** the file as it is */
  file: z
    .string()
    .min(2)
    .max(MOST_FILE_CHARACTERS, 'The file is too large: 240,000 characters are read at most'),
  /** the record it becomes a new version of, as it was read; none: a new record */
  into: z.object({ id: z.string().max(60), version: rowNumberSchema }).nullable(),
});
export type ImportPia = z.infer<typeof importPiaSchema>;
