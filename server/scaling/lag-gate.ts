import type { Clock } from '@/server/core/clock';
import { TokenBucket } from '@/server/core/token-bucket';
import { LagAdmission, type ShardCounts } from './lag-admission';
import type { RefusalReport } from './lag-refusals.schema';

/** A limit that no reading has confirmed for so long holds no more, ms. */
const KNOWN_MS = 5_000;
/** How much of the rates of requests known so far the newest ones replace. */
const WEIGHT = 0.2;
/** Longest time after which a sender is asked to come again, s, without what is added so that not all come at once. */
const LONGEST_WAIT_SECONDS = 60;

export interface ShardPlace {
  shardId: number;
  partitions: number;
}

export interface LagGateOptions {
  /** time to drain past which traffic is refused, s; 0: never */
  behindSeconds: number;
  now: Clock;
}

interface Tally {
  passed: number;
  refused: number;
  bytes: number;
}

interface Lane extends ShardPlace {
  admission: LagAdmission;
  /** of this collector's part of the limit; null: all may come in */
  bucket: TokenBucket | null;
  /** requests since the last reading, and a second over the last readings */
  tally: Tally;
  rates: Tally;
  /** this collector's part of what all are sent, 0…1 */
  part: number;
  readAt: number;
  hasBacklog: boolean;
  since: number | null;
  refused: number;
}

const nothing = (): Tally => ({ passed: 0, refused: 0, bytes: 0 });

/**
 * Lets requests of each shard through a collector, or tells them when to come again, by what `LagAdmission` says.
 * A shard has a gate of its own: processors work on partitions in turn, so that a workspace which sends less than its
 * share has no backlog and is never refused, whatever the others send.
 */
export class LagGate {
  readonly #options: LagGateOptions;
  readonly #lanes = new Map<number, Lane>();

  constructor(options: LagGateOptions) {
    this.#options = options;
  }

  /** 0 when a request may pass, else the seconds after which to try again. */
  ask({ shardId, partitions }: ShardPlace, bytes: number): number {
    if (this.#options.behindSeconds === 0) return 0;
    const lane = this.#laneOf(shardId, partitions);
    const now = this.#options.now();
    lane.tally.bytes += bytes;
    const waitMs = lane.bucket && now - lane.readAt <= KNOWN_MS ? lane.bucket.waitMs(now) : 0;
    if (waitMs === 0) {
      lane.tally.passed += 1;
      return 0;
    }
    lane.tally.refused += 1;
    lane.refused += 1;
    lane.since ??= now;
    return retryAfter(lane, waitMs);
  }

  /** Counts customer events that have passed. */
  took(shardId: number, events: number): void {
    this.#lanes.get(shardId)?.bucket?.spend(events);
  }

  /** Shards of which something came since the last reading, or was left. */
  wanted(): ShardPlace[] {
    return [...this.#lanes.values()].filter(
      ({ tally, hasBacklog, bucket }) => hasBacklog || bucket !== null || tally.bytes > 0,
    );
  }

  /** Takes in the counts of a shard, and what its other collectors told. */
  observe(shardId: number, counts: ShardCounts): void {
    const lane = this.#lanes.get(shardId);
    if (!lane) return;
    const seconds = Math.max(0.001, (counts.at - lane.readAt) / 1_000);
    for (const kind of ['passed', 'refused', 'bytes'] as const)
      lane.rates[kind] += WEIGHT * (lane.tally[kind] / seconds - lane.rates[kind]);
    lane.admission.observe(counts, lane.tally.refused > 0);
    lane.tally = nothing();
    lane.readAt = counts.at;
    lane.hasBacklog = counts.appended > counts.processed;
    this.#pace(lane);
  }

  /** Of all that comes to the collectors of a shard, this one is sent its part of the limit. */
  share(shardId: number, othersBytesPerSecond: number): void {
    const lane = this.#lanes.get(shardId);
    if (!lane) return;
    const own = lane.rates.bytes;
    lane.part = own + othersBytesPerSecond > 0 ? own / (own + othersBytesPerSecond) : 1;
    this.#pace(lane);
  }

  /** Nothing is known: an append will tell. */
  release(): void {
    for (const lane of this.#lanes.values()) {
      lane.admission.release();
      this.#pace(lane);
    }
  }

  /** What is to be told of shards that are limited. */
  reports(): Map<number, RefusalReport> {
    const { behindSeconds, now } = this.#options;
    const reports = new Map<number, RefusalReport>();
    for (const { shardId, admission, since, refused, rates } of this.#lanes.values()) {
      if (admission.limit === null) continue;
      reports.set(shardId, {
        at: now(),
        since,
        refused,
        refusedPerSecond: rates.refused,
        passedPerSecond: rates.passed,
        bytesPerSecond: rates.bytes,
        limit: admission.limit,
        drainSeconds: admission.drainSeconds,
        behindSeconds,
      });
    }
    return reports;
  }

  #laneOf(shardId: number, partitions: number): Lane {
    const known = this.#lanes.get(shardId);
    if (known) return known;
    const lane: Lane = {
      shardId,
      partitions,
      admission: new LagAdmission(this.#options.behindSeconds),
      bucket: null,
      tally: nothing(),
      rates: nothing(),
      part: 1,
      readAt: this.#options.now(),
      hasBacklog: false,
      since: null,
      refused: 0,
    };
    this.#lanes.set(shardId, lane);
    return lane;
  }

  #pace(lane: Lane): void {
    const { limit } = lane.admission;
    if (limit === null) {
      Object.assign(lane, { bucket: null, part: 1, since: null, refused: 0 });
      return;
    }
    const now = this.#options.now();
    const own = Math.max(1, limit * lane.part);
    if (lane.bucket) lane.bucket.setRate(own, now);
    else lane.bucket = new TokenBucket(own, now);
  }
}

/**
 * The more is refused, the longer, so that who comes again meets a free place about then; and not the same for all, so
 * that they do not come together.
 */
function retryAfter({ rates, refused }: Lane, waitMs: number): number {
  const turns = (rates.passed + rates.refused) / Math.max(1, rates.passed);
  const least = Math.min(LONGEST_WAIT_SECONDS, Math.max(1, Math.ceil(turns), Math.ceil(waitMs / 1_000)));
  return least + (refused % (least + 1));
}
