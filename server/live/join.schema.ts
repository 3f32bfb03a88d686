import { z } from 'zod';
import type { Seen } from './live.schema';

// Apart from the names and shapes that screens share: they need no validator in their first load.
const seenSchema: z.ZodType<Seen> = z.object({
  boot: z.string().max(64),
  seq: z.number().int().nonnegative(),
});

/** What a client says to enter a room. */
export const joinSchema = z.strictObject({ room: z.string().min(1).max(400), seen: seenSchema.optional() });
