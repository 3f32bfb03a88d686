import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import { RedisScript } from '@/server/platform/redis-script';
import type { DedupCoverage } from './event-log';
import { partitionTag } from './log-keys';
import { MAINTAIN_SCRIPT } from './message-id-scripts';

/** Sub-buckets of a generation: an integer set of a few thousand ids inserts in well under a microsecond. */
const ID_BUCKETS = 4096;
/** Memory of an id in an integer set, and of the key and header of a bucket. */
const ID_BYTES = 8;
const BUCKET_BYTES = 120;
/** A generation spans a third of the time to cover: the newest and three older ones always cover it whole. */
const GENERATIONS = 3;

export interface DedupKeys {
  /** ids of generation g, bucket b: `<prefix>g:b` */
  prefix: string;
  live: string;
  counts: string;
  starts: string;
}

/** Keys of recent message ids: of the shard, or of one partition where a call must stay in one slot. */
export function dedupKeys(shardId: number, partition?: number): DedupKeys {
  const tag = partition === undefined ? `{${shardId}.ids}:` : `${partitionTag(shardId, partition)}:ids:`;
  return { prefix: tag, live: `${tag}live`, counts: `${tag}counts`, starts: `${tag}starts` };
}

export interface MessageIdOptions {
  /** The log Redis: fsync on every write, no eviction. */
  redis: Redis;
  now: Clock;
  dedupMs: number;
  dedupMaxBytes: number;
  /**
   * Where recent ids live. `shard`: one set for all partitions, an id is recognised under any customer. `partition`:
   * under the partition's own tag, as a Redis Cluster needs; the same id under another customer is then another event.
   */
  idScope: 'shard' | 'partition';
}

/** The upkeep of recent message ids, whichever log they belong to. */
export class MessageIds {
  readonly #options: MessageIdOptions;
  readonly #maintain: RedisScript;

  constructor(options: MessageIdOptions) {
    this.#options = options;
    this.#maintain = new RedisScript(MAINTAIN_SCRIPT);
  }

  /** Rotates generations, drops those past their time or over their bytes. @param partitions those that ever held a record */
  async maintain(shardId: number, partitions: () => Promise<number[]>): Promise<DedupCoverage> {
    if (this.#options.idScope === 'shard') return this.#maintainOne(dedupKeys(shardId), 1);
    const known = await partitions();
    const coverages = await Promise.all(
      known.map((partition) => this.#maintainOne(dedupKeys(shardId, partition), known.length)),
    );
    return {
      coveredMs: Math.min(...coverages.map(({ coveredMs }) => coveredMs), this.#options.dedupMs),
      bytes: coverages.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }

  async #maintainOne(names: DedupKeys, sharers: number): Promise<DedupCoverage> {
    const { now, dedupMs, dedupMaxBytes } = this.#options;
    const at = now();
    const answer = await this.#maintain.run(
      this.#options.redis,
      [names.live, names.counts, names.starts],
      [
        names.prefix,
        at,
        Math.ceil(dedupMs / GENERATIONS),
        dedupMs,
        Math.floor(dedupMaxBytes / sharers),
        ID_BYTES,
        ID_BUCKETS,
        BUCKET_BYTES,
      ],
    );
    const [start, bytes] = answer as [number, number];
    return { coveredMs: Math.max(0, at - start), bytes };
  }
}
