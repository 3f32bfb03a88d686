import { MINUTE_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { quantileOf, type StoreReads } from './store-reads';
import { addReads, readsSince } from './store-reads.repository';

/** The span of the figures; it begins with a whole minute, so that it may be up to a minute shorter. */
const SPAN_MS = 15 * MINUTE_MS;

/** How the online store answered who read it. Null: nothing was read, so that it is not known. */
export interface StoreFigures {
  /** ms: when the newest read in it was told; null: there was none */
  at: number | null;
  /** ms */
  from: number;
  /** reads that were answered */
  reads: number;
  /** reads that the store did not answer */
  failed: number;
  /** customers asked for */
  lookups: number;
  p50Ms: number | null;
  p99Ms: number | null;
  /** share of lookups of whom something is known, 0…1 */
  hitRate: number | null;
  /** share of hits that say little of now, 0…1 */
  expiredShare: number | null;
}

/** Tells what this process counted, so that every process shows the reads of all. What cannot be told is lost. */
export async function tellReads(
  { queueRedis, now }: Pick<Deps, 'queueRedis' | 'now'>,
  reads: StoreReads,
): Promise<void> {
  const counted = reads.take();
  if (counted.size > 0) await addReads(queueRedis, now(), counted);
}

/** The reads of the last 15 minutes by all processes. */
export async function storeFigures(
  { queueRedis, now }: Pick<Deps, 'queueRedis' | 'now'>,
  workspaceId: string,
): Promise<StoreFigures> {
  const until = now();
  const from = Math.ceil((until - SPAN_MS) / MINUTE_MS) * MINUTE_MS;
  const { sums, toldAt } = await readsSince(queueRedis, workspaceId, from, until);
  const { hits, misses, expired, failed, times } = sums;
  const lookups = hits + misses;
  return {
    at: toldAt,
    from,
    reads: times.reduce((sum, count) => sum + count, 0),
    failed,
    lookups,
    p50Ms: quantileOf(times, 0.5),
    p99Ms: quantileOf(times, 0.99),
    hitRate: lookups === 0 ? null : hits / lookups,
    expiredShare: hits === 0 ? null : expired / hits,
  };
}
