import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';

export const takeSchema = z.strictObject({ customer: customerKeySchema });

/** What became of a customer an agent had taken. `released` puts them back in the queue. */
export const CLAIM_OUTCOMES = ['helped', 'notReached', 'released'] as const;

export type ClaimOutcome = (typeof CLAIM_OUTCOMES)[number];

export const finishSchema = z.strictObject({ customer: customerKeySchema, outcome: z.enum(CLAIM_OUTCOMES) });
