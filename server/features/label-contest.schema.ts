import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { isKeepable, UNKEEPABLE } from '@/server/core/keepable-text';
import { SENTIMENT_LABELS, type SentimentLabel } from '@/server/processors/sentiment-label.schema';

export const MAX_CONTEST_REASON = 200;
/** Why a model is mostly wrong, to choose from; any other words will do as well. */
export const CONTEST_REASONS = [
  'Irony or sarcasm',
  'Negation was missed',
  'The word means something else here',
  'Nothing but politeness',
  'About something else than us',
  'Not in English',
] as const;

const keptText = (most: number) => z.string().min(1).max(most).refine(isKeepable, UNKEEPABLE);

/** A turn of a customer's call or chat. */
const turnSchema = z.strictObject({
  customer: customerKeySchema,
  contactId: keptText(200),
  turnId: keptText(200),
  /** event time, ms: a turn that was sent again is another one */
  turnAt: z.number().int().min(0).max(8.64e15),
});
export type TurnPlace = z.infer<typeof turnSchema>;

export const contestSchema = turnSchema.extend({
  label: z.enum(SENTIMENT_LABELS),
  reason: z.string().trim().max(MAX_CONTEST_REASON).refine(isKeepable, UNKEEPABLE).optional(),
});
export type ContestForm = z.infer<typeof contestSchema>;

export const withdrawContestSchema = z.strictObject({ id: z.string().min(1).max(80) });

/** An agent's word against the model's, as everybody sees it beside the model's own label. */
export interface TurnContest {
  id: string;
  contactId: string;
  turnId: string;
  turnAt: number;
  label: SentimentLabel;
  reason: string | null;
  userId: string;
  name: string;
  /** ms */
  at: number;
}

/** Contested turns are counted by when they were spoken, over one of these. */
export const QUALITY_PERIODS = ['24h', '7d'] as const;
export const qualitySchema = z.strictObject({ period: z.enum(QUALITY_PERIODS) });
export type QualityPeriod = (typeof QUALITY_PERIODS)[number];
