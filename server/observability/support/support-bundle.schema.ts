import { z } from 'zod';
import { isKeepable, UNKEEPABLE } from '@/server/core/keepable-text';

/** What a person says who takes a support bundle away. */
export const takeBundleSchema = z.strictObject({
  reason: z
    .string()
    .trim()
    .min(5, 'Say in a few words who asked for it, or why.')
    .max(300)
    .refine(isKeepable, UNKEEPABLE),
});
