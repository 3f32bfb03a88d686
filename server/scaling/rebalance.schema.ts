import { z } from 'zod';

/** A preview is made for at most so many workers. */
export const MOST_WORKERS = 64;

export const rebalanceInput = z.strictObject({ workers: z.number().int().min(1).max(MOST_WORKERS) });

interface Spread {
  workers: { worker: string; partitions: number; perSecond: number }[];
  /** largest ÷ mean of the workers' loads; null: no load */
  skew: number | null;
}

/** Who would hold what with another number of workers. */
export interface RebalancePreview {
  /** ms: the load it was computed on */
  from: number;
  to: number;
  before: Spread;
  after: Spread;
  /** `from` is null where nobody holds it now */
  moves: { name: string; from: string | null; to: string; perSecond: number }[];
}
