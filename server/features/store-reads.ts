/** Upper bounds of a read's time, ms; what took longer is in one more bucket. */
export const READ_BOUNDS_MS = [
  0.25, 0.5, 1, 2, 3, 5, 7.5, 10, 15, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000,
] as const;

/** One read of the online store: one customer or several, in one go. Says nothing of who they are. */
export interface StoreRead {
  /** how long it took, ms */
  ms: number;
  /** customers asked for of whom something is known, and of whom nothing is */
  hits: number;
  misses: number;
  /** of the hits, those whose state says little of now */
  expired: number;
  /** the store did not answer: then nothing is a hit or a miss */
  failed: boolean;
}

export interface ReadSums {
  hits: number;
  misses: number;
  expired: number;
  failed: number;
  /** reads that were answered, by the time they took: one for each bound, and one for what took longer */
  times: number[];
}

export const noReads = (): ReadSums => ({
  hits: 0,
  misses: 0,
  expired: 0,
  failed: 0,
  times: Array.from({ length: READ_BOUNDS_MS.length + 1 }, () => 0),
});

/** Which bucket a time falls in. */
export function bucketOf(ms: number): number {
  const at = READ_BOUNDS_MS.findIndex((bound) => ms <= bound);
  return at < 0 ? READ_BOUNDS_MS.length : at;
}

/**
 * A quantile of times, ms, taken as evenly spread within their bucket; the greatest bound when it lies beyond all. Null:
 * there are no times.
 */
export function quantileOf(times: readonly number[], quantile: number): number | null {
  const all = times.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let below = 0;
  for (const [at, upper] of READ_BOUNDS_MS.entries()) {
    const within = times[at] ?? 0;
    if (within > 0 && below + within >= quantile * all) {
      const lower = READ_BOUNDS_MS[at - 1] ?? 0;
      return lower + ((quantile * all - below) / within) * (upper - lower);
    }
    below += within;
  }
  return READ_BOUNDS_MS.at(-1) ?? null;
}

/** Counts the reads of this process by workspace, until they are taken to be told to others. */
export class StoreReads {
  #waiting = new Map<string, ReadSums>();
  #listeners = new Set<(read: StoreRead) => void>();

  note(workspaceId: string, read: StoreRead): void {
    let sums = this.#waiting.get(workspaceId);
    if (!sums) {
      sums = noReads();
      this.#waiting.set(workspaceId, sums);
    }
    if (read.failed) sums.failed += 1;
    else {
      sums.hits += read.hits;
      sums.misses += read.misses;
      sums.expired += read.expired;
      const bucket = bucketOf(read.ms);
      sums.times[bucket] = (sums.times[bucket] ?? 0) + 1;
    }
    for (const listener of this.#listeners) listener(read);
  }

  /** @returns unsubscribe */
  onRead(listener: (read: StoreRead) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** What was counted since it was taken last, by workspace. */
  take(): Map<string, ReadSums> {
    const taken = this.#waiting;
    this.#waiting = new Map();
    return taken;
  }
}

/** Routes are bundled apart from the server that carries them; both count here. */
const shared = globalThis as typeof globalThis & { millraceStoreReads?: StoreReads };

/** The reads of this process. */
export function storeReads(): StoreReads {
  shared.millraceStoreReads ??= new StoreReads();
  return shared.millraceStoreReads;
}
