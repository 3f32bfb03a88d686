import { z } from 'zod';
import { customerKeySchema } from '@/server/core/customer-key.schema';
import { rowNumberSchema } from '@/server/core/row-number.schema';
import type { Seen } from './looks';

export const LOOK_PAGE_LIMIT = 200;
/** Most rows of one export. */
export const LOOK_EXPORT_LIMIT = 10_000;

/** Whose looks, and at whom: each part is optional, together they narrow. */
export const lookFilterSchema = z.object({
  actorId: z.string().min(1).max(80).optional(),
  customer: customerKeySchema.optional(),
});
export type LookFilter = z.infer<typeof lookFilterSchema>;

export const lookPageSchema = lookFilterSchema.extend({
  limit: z.number().int().min(1).max(LOOK_PAGE_LIMIT).default(100),
  /** sequence number below which to continue */
  cursor: rowNumberSchema.optional(),
});

/** One audited read of a customer: who saw what of whom, when and why. */
export interface Look extends Seen {
  /** its number in the audit */
  seq: number;
  at: string;
  customer: string;
  actorKind: string;
  actorId: string;
  actorName: string | null;
  /** the person's role in the workspace now; null for programs and for who left */
  role: string | null;
  reason: string | null;
}
