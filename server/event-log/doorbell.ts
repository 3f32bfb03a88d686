import type { Redis } from 'ioredis';
import { DOORBELL_CHANNEL } from './log-keys';

/** A partition that gets more all the time is rung for so seldom: its reader is awake anyway. */
const QUIET_MS = 20;

/**
 * Rings at once for a partition that was quiet; for one that was rung for just now, once the quiet time is over.
 * Readers look by themselves four times a second: a ring that is lost costs only that.
 */
export class Doorbell {
  readonly #redis: Redis;
  #rung = new Set<string>();
  #again = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(redis: Redis) {
    this.#redis = redis;
  }

  /** @param names partitions as `shard.partition` */
  ring(names: Iterable<string>): void {
    const now: string[] = [];
    for (const name of names) {
      if (this.#rung.has(name)) this.#again.add(name);
      else {
        this.#rung.add(name);
        now.push(name);
      }
    }
    this.#publish(now);
    this.#timer ??= setTimeout(() => this.#afterQuiet(), QUIET_MS);
  }

  #afterQuiet(): void {
    this.#timer = undefined;
    const again = this.#again;
    this.#rung = new Set();
    this.#again = new Set();
    if (again.size > 0) this.ring(again);
  }

  #publish(names: readonly string[]): void {
    if (names.length === 0) return;
    const pipeline = this.#redis.pipeline();
    for (const name of names) pipeline.publish(DOORBELL_CHANNEL, name);
    pipeline.exec().catch(() => undefined);
  }
}
