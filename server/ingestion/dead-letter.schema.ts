import { z } from 'zod';
import { pageCursor, pageLimit } from '@/server/core/page.schema';
import { DEAD_LETTER_REASONS } from '@/server/event-log/records';

const MAX_EDITED = 64 * 1024;

export const deadLetterFilterSchema = z.object({
  reason: z.enum(DEAD_LETTER_REASONS).optional(),
  sourceId: z.string().min(1).max(100).optional(),
  limit: pageLimit.default(50),
  cursor: pageCursor.optional(),
});
export type DeadLetterFilter = z.output<typeof deadLetterFilterSchema>;

export const deadLetterIdSchema = z.object({ id: z.string().min(1).max(200) });

export const replayDeadLetterSchema = deadLetterIdSchema.extend({
  /** JSON of the event after a fix; absent: as it came */
  edited: z.string().max(MAX_EDITED).optional(),
});

export const deadLetterSchema = z.object({
  id: z.string(),
  sourceId: z.string(),
  messageId: z.string().nullable(),
  reason: z.string(),
  field: z.string().nullable(),
  detail: z.string(),
  sample: z.string().describe('masked'),
  eventAt: z.string(),
  receivedAt: z.string(),
  replayedAt: z.string().nullable(),
  replayable: z.boolean(),
});
export type DeadLetter = z.output<typeof deadLetterSchema>;

export const deadLetterPageSchema = z.object({
  items: z.array(deadLetterSchema),
  cursor: z.string().nullable().describe('of the next page; null at the end'),
});
