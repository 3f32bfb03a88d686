import { Redis } from 'ioredis';
import { offsetKey } from '@/server/event-log';
import { epochKey, partitionKeys } from '@/server/scaling';
import type { OwnProduct } from '../own-product';

const EVERY_MS = 40;

/** What the watch sees of one partition of the main group. */
interface Seen {
  /** customer events processed, and appended */
  done: number;
  appended: number;
  /** ms of the last commit, on the worker's clock */
  committedAt: number;
  epoch: string;
  /** ms since when there is a backlog and no progress */
  stuckSince: number;
  /** longest such time since the last reset, ms */
  longestMs: number;
  epochAtReset: string;
}

/** Looks at all partitions of the demo's shard many times a second: who progresses, who stands still and how long. */
export class PartitionWatch {
  readonly #redis: Redis;
  readonly #shardId: number;
  readonly #seen = new Map<number, Seen>();
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;

  private constructor(redis: Redis, shardId: number) {
    this.#redis = redis;
    this.#shardId = shardId;
  }

  static async open(product: OwnProduct): Promise<PartitionWatch> {
    const [url = ''] = product.redisUrls();
    const redis = new Redis(url, { protocol: 2 });
    redis.on('error', () => undefined);
    const [key = ''] = await redis.keys('{*}:partitions');
    const watch = new PartitionWatch(redis, Number(/^\{(\d+)\}/.exec(key)?.[1]));
    await watch.look();
    watch.#timer = setInterval(() => {
      if (watch.#isLooking) return;
      watch.#isLooking = true;
      watch
        .look()
        .catch(() => undefined)
        .finally(() => {
          watch.#isLooking = false;
        });
    }, EVERY_MS);
    return watch;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#redis.disconnect();
  }

  get processed(): number {
    return [...this.#seen.values()].reduce((sum, { done }) => sum + done, 0);
  }

  get backlog(): number {
    return [...this.#seen.values()].reduce((sum, { done, appended }) => sum + appended - done, 0);
  }

  /** Partitions of these names whose last commit is no newer than the moment. */
  notCommittedSince(names: readonly string[], at: number): string[] {
    return names.filter((name) => (this.#seen.get(Number(name.split('.')[1]))?.committedAt ?? 0) <= at);
  }

  /** Begins to measure pauses anew. */
  reset(): void {
    for (const seen of this.#seen.values()) {
      seen.longestMs = 0;
      seen.epochAtReset = seen.epoch;
    }
  }

  /** Longest pause, in ms, of partitions that changed hands since the last reset and of those that did not. */
  pauses(): { moved: { count: number; ms: number }; unmoved: { count: number; ms: number } } {
    const moved = { count: 0, ms: 0 };
    const unmoved = { count: 0, ms: 0 };
    for (const { epoch, epochAtReset, longestMs } of this.#seen.values()) {
      const kind = epoch === epochAtReset ? unmoved : moved;
      kind.count += 1;
      kind.ms = Math.max(kind.ms, longestMs);
    }
    return { moved, unmoved };
  }

  async look(): Promise<void> {
    const partitions = (await this.#redis.smembers(`{${this.#shardId}}:partitions`)).map(Number);
    const looks = this.#redis.pipeline();
    for (const partition of partitions) {
      looks.hmget(offsetKey(this.#shardId, partition, 'main'), 'n', 'at');
      looks.get(partitionKeys(this.#shardId, partition).count);
      looks.get(epochKey(this.#shardId, partition, 'main'));
    }
    const replies = (await looks.exec()) ?? [];
    const now = Date.now();
    partitions.forEach((partition, index) => {
      const [offset, appended, epoch] = replies.slice(index * 3, index * 3 + 3).map(([, value]) => value);
      const [done, committedAt] = (offset as (string | null)[]).map(Number);
      this.#note(partition, now, Number(done), Number(appended), Number(committedAt), String(epoch));
    });
  }

  #note(
    partition: number,
    now: number,
    done: number,
    appended: number,
    committedAt: number,
    epoch: string,
  ): void {
    const before = this.#seen.get(partition);
    const isMoving = !before || before.done !== done || appended <= done;
    const stuckSince = isMoving ? now : before.stuckSince;
    this.#seen.set(partition, {
      done,
      appended,
      committedAt,
      epoch,
      stuckSince,
      longestMs: Math.max(before?.longestMs ?? 0, now - stuckSince),
      epochAtReset: before?.epochAtReset ?? epoch,
    });
  }
}
