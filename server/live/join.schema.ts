import { z } from 'zod';
import { MAX_KEY_LENGTH } from '@/server/core/key-length';
import type { Seen } from './live.schema';

// Apart from the names and shapes that screens share: they need no validator in their first load.
const seenSchema: z.ZodType<Seen> = z.object({
  boot: z.string().max(64),
  seq: z.number().int().nonnegative(),
});

/** Of a room's name, what stands before the customer's key: the workspace and the topic. */
const MAX_PREFIX_LENGTH = 150;

/** What a client says to enter a room. */
export const joinSchema = z.strictObject({
  room: z
    .string()
    .min(1)
    .max(MAX_PREFIX_LENGTH + MAX_KEY_LENGTH),
  seen: seenSchema.optional(),
});
