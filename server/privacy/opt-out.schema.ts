import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { isKeepable, UNKEEPABLE } from '@/server/core/keepable-text';
import { purposeSchema } from './purpose-input.schema';

const reasonSchema = z.string().trim().max(500).refine(isKeepable, UNKEEPABLE);

/** One customer's wish, told by someone who may pass it on. */
export const optOutInputSchema = z.object({
  customer: customerKeySchema,
  purpose: purposeSchema.default('profiling'),
  reason: reasonSchema.optional(),
});

/** To opt back in is the customer's own decision: how it was given must be written down. */
export const optInInputSchema = z.object({
  customer: customerKeySchema,
  purpose: purposeSchema.default('profiling'),
  reason: reasonSchema.min(5, 'Say how the customer asked for it'),
});

export const enforcementPointSchema = z.object({
  /** `record` (consent of record) or `partition <shard>.<partition>` */
  point: z.string(),
  at: z.iso.datetime(),
  version: z.number().int(),
  keys: z.number().int().optional(),
});
export type EnforcementPoint = z.infer<typeof enforcementPointSchema>;

export const optOutAnswerSchema = z.object({
  id: z.string(),
  customer: z.string(),
  linkedKeys: z.array(z.string()),
  denied: z.array(purposeSchema),
  requestedAt: z.iso.datetime(),
  acknowledgedAt: z.iso.datetime(),
  effectMs: z.number(),
  enforcement: z.array(enforcementPointSchema),
});
export type OptOutAnswer = z.infer<typeof optOutAnswerSchema>;

export const consentAnswerSchema = z.object({
  customer: z.string(),
  optedOut: z.boolean(),
  denied: z.array(purposeSchema),
  words: z.string(),
  acknowledgedAt: z.iso.datetime().nullable(),
  linkedKeys: z.array(z.string()),
});
