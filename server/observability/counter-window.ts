import type { PartitionAggregates } from '@/server/streaming/partition-step';

/** How much is kept: a quarter of an hour, by the second. */
export const WINDOW_SECONDS = 900;
/** Counters that were not looked at for longer than this say nothing of the seconds between. */
const LONGEST_GAP_SECONDS = 15;

/** Counters that are kept of each shard as well: what a region is watched by. */
const BY_SHARD = ['events', 'errors', 'deadLetters'];

/** Aggregates of one partition, told apart by shard and partition. */
export interface PartitionCounters {
  shardId: number;
  partition: number;
  values: PartitionAggregates;
}

interface Second {
  /** seconds since the epoch this bucket is of */
  second: number;
  /** share of the second that was observed, 0…1 */
  known: number;
  counts: Map<string, number>;
}

interface Seen {
  events: number;
  flat: Map<string, number>;
}

/**
 * Turns growing counters of many partitions into counts by the second, over the last quarter of an hour. Time comes
 * in as an argument. Names are flat: `events`, `events@platform=web`, `events@source=<id>`, `events@shard=<id>`,
 * `revenue#USD`.
 *
 * A counter that restarts (its partition counts fewer events than before) is counted from zero again. A correction
 * may lower a counter of facts; sums over a window never go below zero.
 */
export class CounterWindow {
  #ring: Second[] = Array.from({ length: WINDOW_SECONDS }, () => ({
    second: -1,
    known: 0,
    counts: new Map(),
  }));
  #seen = new Map<string, Seen>();
  #observedAt: number | null = null;
  #newestAt: number | null = null;
  /** ms: when each name was last seen to change */
  #changedAt = new Map<string, number>();

  /** ms: newest log time counted; null before the first event */
  get newestAt(): number | null {
    return this.#newestAt;
  }

  /** ms: when it was last told anything */
  get observedAt(): number | null {
    return this.#observedAt;
  }

  /** Takes all partitions' counters as they are at `now` (ms). */
  observe(now: number, partitions: readonly PartitionCounters[]): void {
    const first = this.#observedAt === null;
    const gap = first ? 0 : (now - (this.#observedAt ?? now)) / 1_000;
    const changes = new Map<string, number>();
    for (const each of partitions) {
      this.#difference(each, first, changes);
      if (each.values.at > (this.#newestAt ?? 0)) this.#newestAt = each.values.at;
    }
    for (const name of changes.keys()) this.#changedAt.set(name, now);
    if (!first && gap > 0 && gap <= LONGEST_GAP_SECONDS) this.#spread(now, gap, changes);
    if (first || now > (this.#observedAt ?? 0)) this.#observedAt = now;
  }

  #difference(
    { shardId, partition, values }: PartitionCounters,
    first: boolean,
    changes: Map<string, number>,
  ): void {
    const id = `${shardId}.${partition}`;
    const flat = flatten(values);
    for (const name of BY_SHARD) {
      const value = values.counters[name];
      if (value !== undefined) flat.set(`${name}@shard=${shardId}`, value);
    }
    const events = values.counters.events ?? 0;
    const before = this.#seen.get(id);
    this.#seen.set(id, { events, flat });
    if (first) return;
    const restarted = before !== undefined && events < before.events;
    const base = restarted ? undefined : before?.flat;
    for (const [name, value] of flat) {
      const change = value - (base?.get(name) ?? 0);
      if (change !== 0) changes.set(name, (changes.get(name) ?? 0) + change);
    }
  }

  /** Lays what changed since the last look evenly over the time since then. */
  #spread(now: number, gap: number, changes: Map<string, number>): void {
    const end = now / 1_000;
    const start = end - gap;
    for (let second = Math.floor(start); second < end; second += 1) {
      const part = Math.min(end, second + 1) - Math.max(start, second);
      if (part <= 0) continue;
      const bucket = this.#bucket(second);
      bucket.known = Math.min(1, bucket.known + part);
      for (const [name, change] of changes) {
        bucket.counts.set(name, (bucket.counts.get(name) ?? 0) + (change * part) / gap);
      }
    }
  }

  #bucket(second: number): Second {
    const bucket = this.#ring[second % WINDOW_SECONDS] as Second;
    if (bucket.second !== second) {
      bucket.second = second;
      bucket.known = 0;
      bucket.counts = new Map();
    }
    return bucket;
  }

  /**
   * What was counted in the `seconds` before `now` (ms), and how many of those seconds are known.
   * @returns null when nothing of that span is known
   */
  total(name: string, seconds: number, now: number): { count: number; knownSeconds: number } | null {
    const end = now / 1_000;
    let count = 0;
    let known = 0;
    for (let second = Math.floor(end - seconds) + 1; second <= end; second += 1) {
      const bucket = this.#ring[second % WINDOW_SECONDS];
      if (!bucket || bucket.second !== second) continue;
      known += bucket.known;
      count += bucket.counts.get(name) ?? 0;
    }
    return known > 0 ? { count: Math.max(0, Math.round(count * 1e6) / 1e6), knownSeconds: known } : null;
  }

  /** Count per second over the last `seconds`; null when nothing of that span is known. */
  rate(name: string, seconds: number, now: number): number | null {
    const found = this.total(name, seconds, now);
    return found && found.count / found.knownSeconds;
  }

  /** When a name was last seen to change, ms; null: not since this has been watched. */
  changedAt(name: string): number | null {
    return this.#changedAt.get(name) ?? null;
  }

  /** Every name that has been counted in the last quarter of an hour and begins with `prefix`. */
  names(prefix: string): string[] {
    const found = new Set<string>();
    for (const { flat } of this.#seen.values()) {
      for (const name of flat.keys()) if (name.startsWith(prefix)) found.add(name);
    }
    return [...found].sort();
  }
}

/** A partition's counters under flat names. Only growing things: gauges are read where they stand. */
function flatten(values: PartitionAggregates): Map<string, number> {
  const flat = new Map<string, number>(Object.entries(values.counters));
  for (const [platform, counters] of Object.entries(values.byPlatform)) {
    for (const [name, value] of Object.entries(counters)) flat.set(`${name}@platform=${platform}`, value);
  }
  for (const [source, events] of Object.entries(values.bySource)) flat.set(`events@source=${source}`, events);
  for (const [name, sums] of Object.entries(values.money)) {
    for (const [currency, sum] of Object.entries(sums)) flat.set(`${name}#${currency}`, Number(sum));
  }
  return flat;
}
