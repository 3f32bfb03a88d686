import { z } from 'zod';
import { instantMsSchema } from '@/server/core/instant-ms.schema';
import { MAX_KEY_LENGTH } from '@/server/core/key-length';

const lateSpan = z.object({
  /** ms of logging, half-open */
  from: instantMsSchema,
  to: instantMsSchema,
  /** a part of the event's name */
  name: z.string().trim().max(100).default(''),
  /** a whole message id or customer key */
  key: z.string().trim().max(MAX_KEY_LENGTH).default(''),
  /** only those that would have changed something */
  changed: z.boolean().default(false),
  minLatenessMs: z.number().int().nonnegative().default(0),
});

export const lateFilter = lateSpan.extend({
  limit: z.number().int().min(1).max(200).default(100),
  cursor: z.string().max(200).optional(),
});
export type LateFilter = z.output<typeof lateFilter>;

export const lateSummaryInput = lateSpan;
export type LateSpan = z.output<typeof lateSpan>;
