import { z } from 'zod';
import {
  type AmountKey,
  ANSWER_LIMITS,
  ASSUMPTIONS,
  type ChoiceAnswers,
  GUARANTEES,
  OPERATORS_AT_HAND,
  ORDERINGS,
  RESIDENCIES,
  SUBJECTS,
} from './choice-terms.schema';

function amountOf(key: AmountKey) {
  const { min, max, whole } = ANSWER_LIMITS[key];
  return (whole ? z.number().int() : z.number()).min(min).max(max);
}

export const choiceAnswers: z.ZodType<ChoiceAnswers> = z.strictObject({
  residency: z.enum(RESIDENCIES),
  peakEventsPerSecond: amountOf('peakEventsPerSecond'),
  eventBytes: amountOf('eventBytes'),
  ordering: z.enum(ORDERINGS),
  retentionDays: amountOf('retentionDays'),
  people: z.enum(OPERATORS_AT_HAND),
  guarantee: z.enum(GUARANTEES),
  stateGb: amountOf('stateGb'),
  freshnessSeconds: amountOf('freshnessSeconds'),
  lateKept: z.boolean(),
});

const amount = z.number().positive().max(1e9);
const assumptionsSchema = z
  .partialRecord(z.enum(ASSUMPTIONS), amount)
  .refine((assumptions) => Object.keys(assumptions).length > 0, 'A decision assumes at least one thing.');

export const signChoice = z.strictObject({
  subject: z.enum(SUBJECTS),
  option: z.string().min(1).max(40),
  reason: z.string().trim().min(10, 'Say in a sentence why.').max(2_000),
  answers: choiceAnswers,
  assumptions: assumptionsSchema,
});
export type SignChoice = z.output<typeof signChoice>;
