import { z } from 'zod';
import { instantMsSchema } from '@/server/core/instant-ms.schema';

/** A span of log time, ms; at most 31 days, so that no request reads without bound. */
const LONGEST_SPAN_MS = 31 * 86_400_000;
export const duplicatesInput = z
  .strictObject({ from: instantMsSchema, to: instantMsSchema })
  .refine(
    ({ from, to }) => to > from && to - from <= LONGEST_SPAN_MS,
    'The span must be positive and at most 31 days.',
  );
export type DuplicatesInput = z.output<typeof duplicatesInput>;

/** What came more than once in a span of log time, and what became of it. */
export interface DuplicatesLedger {
  /** repeats that came: suppressed and leaked */
  seen: number;
  suppressed: number;
  /** effects beyond the first of their id that the checks found */
  leaked: number;
  /** what the number leaked rests on; `from` null: nothing of the span was checked */
  checked: { from: number | null; to: number | null; events: number; sampled: number };
  outOfOrder: number;
  /** how far back ids are recognised, of the shard that covers least; null: no id was taken yet */
  coverage: { coveredMs: number; promisedMs: number } | null;
  stepMs: number;
  course: { at: number; suppressed: number }[];
  repeated: { messageId: string; sourceId: string; attempts: number; lastAt: number }[];
}
