import type { Clock } from '@/server/core/clock';
import { Fault } from '@/server/core/fault';

/** A revoked key is refused after this many ms at the latest, even when the word of it is lost. */
const FRESH_MS = 1_000;
/** From this age on a key in use is read again behind the answer, so that nobody waits for it. */
const REFRESH_AFTER_MS = 500;
/** With the database away, keys known before still work for so long (ms): events must not be lost for it. */
const STALE_LIMIT_MS = 15 * 60_000;
const LOOKUP_DEADLINE_MS = 2_000;
const MAX_ENTRIES = 10_000;

interface Entry<V> {
  value: V | null;
  readAt: number;
  pending: Promise<V | null> | null;
  /** the last reading failed or took too long: until one succeeds, nobody waits for the next */
  isLate: boolean;
}

/** What keys stand for, by hash, at most a second old while the database answers. */
export class KeyCache<V> {
  private readonly entries = new Map<string, Entry<V>>();

  constructor(
    private readonly read: (hash: string) => Promise<V | null>,
    private readonly now: Clock,
  ) {}

  /**
   * @returns what the key stands for, null when it is unknown or revoked
   * @throws Fault `unavailable` when the database is away and the key was not seen before
   */
  async get(hash: string): Promise<V | null> {
    const entry = this.entries.get(hash);
    const age = entry === undefined ? Number.POSITIVE_INFINITY : this.now() - entry.readAt;
    if (entry !== undefined && age < FRESH_MS) {
      if (age >= REFRESH_AFTER_MS) this.refresh(hash, entry).catch(() => undefined);
      return entry.value;
    }
    const stale = entry !== undefined && age < STALE_LIMIT_MS ? entry.value : null;
    if (stale !== null && entry?.isLate) {
      this.refresh(hash, entry).catch(() => undefined);
      return stale;
    }
    try {
      return await withDeadline(this.refresh(hash, entry));
    } catch (cause) {
      if (entry !== undefined) entry.isLate = true;
      if (stale !== null) return stale;
      throw new Fault('unavailable', 'Keys cannot be checked at the moment. Please try again shortly.', {
        cause,
      });
    }
  }

  /** Forgets one key, or all of them, so that the next use reads again. */
  forget(hash?: string): void {
    if (hash === undefined) this.entries.clear();
    else this.entries.delete(hash);
  }

  private refresh(hash: string, known: Entry<V> | undefined): Promise<V | null> {
    if (known?.pending) return known.pending;
    const entry: Entry<V> = known ?? {
      value: null,
      readAt: Number.NEGATIVE_INFINITY,
      pending: null,
      isLate: false,
    };
    const startedAt = this.now();
    const pending = this.read(hash)
      .then((value) => {
        entry.value = value;
        entry.readAt = startedAt;
        entry.isLate = false;
        this.keep(hash, entry, known);
        return value;
      })
      .finally(() => {
        entry.pending = null;
      });
    entry.pending = pending;
    return pending;
  }

  /** A refresh that started before `forget` must not bring the key back. */
  private keep(hash: string, entry: Entry<V>, known: Entry<V> | undefined): void {
    if (known !== undefined && this.entries.get(hash) !== known) return;
    if (this.entries.size >= MAX_ENTRIES) this.entries.clear();
    this.entries.set(hash, entry);
  }
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('key lookup took too long')), LOOKUP_DEADLINE_MS);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
