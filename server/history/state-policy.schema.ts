import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';

/** Late events may correct results for up to a day, and merged identities look back as far: a week is safely behind both. */
export const LEAST_INACTIVE_DAYS = 7;
const MOST_DAYS = 3_650;

/** After how many days of event time state leaves; null: never. */
export const expiryInput = z.strictObject({
  inactiveDays: z.number().int().min(LEAST_INACTIVE_DAYS).max(MOST_DAYS).nullable(),
  cooldownDays: z.number().int().min(1).max(MOST_DAYS).nullable(),
});
export type ExpiryForm = z.output<typeof expiryInput>;

export const explainInput = z.strictObject({ customer: z.string().trim().pipe(customerKeySchema) });
