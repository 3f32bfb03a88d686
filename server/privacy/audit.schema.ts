import { z } from 'zod';
import { FIRST_INSTANT_MS, LAST_INSTANT_MS } from '@/server/core/calendar';
import { MAX_KEY_LENGTH } from '@/server/core/key-length';
import { rowNumberSchema } from '@/server/core/row-number.schema';

export const ACTOR_KINDS = ['person', 'key', 'system'] as const;
export type ActorKind = (typeof ACTOR_KINDS)[number];

export const AUDIT_PAGE_LIMIT = 200;
/** Most rows of one export; a wider question is asked in parts. */
export const AUDIT_EXPORT_LIMIT = 10_000;

const instant = z.coerce.date().min(new Date(FIRST_INSTANT_MS)).max(new Date(LAST_INSTANT_MS));

/** What the audit may be asked for. Every part is optional; together they narrow. */
export const auditFilterSchema = z.object({
  action: z.string().max(80).optional(),
  actorId: z.string().max(80).optional(),
  subject: z.string().max(MAX_KEY_LENGTH).optional(),
  from: instant.optional(),
  to: instant.optional(),
});
export type AuditFilter = z.infer<typeof auditFilterSchema>;

export const auditPageSchema = auditFilterSchema.extend({
  limit: z.number().int().min(1).max(AUDIT_PAGE_LIMIT).default(50),
  /** sequence number below which to continue */
  cursor: rowNumberSchema.optional(),
});

/** Where the chain of hashes fails, and how. */
export interface ChainBreak {
  seq: number;
  why: 'missing' | 'changed' | 'unlinked' | 'cutTail';
}

export interface AuditState {
  /** entries that hold together, counted from the first */
  verified: number;
  broken: ChainBreak | null;
  /** where the anchor outside Postgres stands; null when it cannot be read */
  anchoredSeq: number | null;
  checkedAt: number;
}
