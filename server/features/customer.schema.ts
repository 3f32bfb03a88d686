import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { MAX_KEY_LENGTH } from '@/server/core/key-length';

export const cardSchema = z.strictObject({ customer: customerKeySchema });

export const revealSchema = z.strictObject({
  customer: customerKeySchema,
  reason: z.string().trim().min(5, 'Say in a few words why you need to see it.').max(300),
});

export const endRevealSchema = z.strictObject({
  customer: customerKeySchema,
  /** whose view ends; one's own when absent */
  userId: z.string().min(1).max(128).optional(),
});

export const searchSchema = z.strictObject({
  query: z.string().trim().min(1).max(MAX_KEY_LENGTH),
  limit: z.number().int().min(1).max(50).default(20),
});

export const respondSchema = z.strictObject({
  decisionId: z.string().min(1).max(200),
  customer: customerKeySchema,
  response: z.enum(['accepted', 'declined']),
});
export type DecisionAnswer = z.infer<typeof respondSchema>['response'];
