import type { Clock } from '@/server/core/clock';
import type { ShardDescription } from '@/server/identity';
import type { Logger } from '@/server/platform/logger';
import type { ShardPlan } from './lane-options';
import type { LogProcessor } from './partition-batch';

const REFRESH_MS = 5_000;

export interface ShardPlansOptions {
  /** Every shard, from Postgres. */
  shards(): Promise<ShardDescription[]>;
  /** Something that changes when the processors of a shard must be made anew, such as its rules' versions. */
  definitions(shard: ShardDescription): Promise<{ version: string; make(): LogProcessor }>;
  now: Clock;
  logger: Logger;
}

/**
 * Settings, rules and shards as last known: read at the start, on every `config.changed` and every 5 s. With Postgres
 * away the last known ones stay.
 */
export class ShardPlans {
  readonly #options: ShardPlansOptions;
  #plans = new Map<number, ShardPlan & { version: string }>();
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #again = false;

  constructor(options: ShardPlansOptions) {
    this.#options = options;
  }

  /** @throws when Postgres cannot be read at all: there is nothing to work by */
  async start(): Promise<void> {
    await this.#read();
    this.#timer = setInterval(() => void this.refresh(), REFRESH_MS);
  }

  /** Reads once more; calls that come meanwhile are one. */
  async refresh(): Promise<void> {
    if (this.#reading) {
      this.#again = true;
      return this.#reading;
    }
    this.#reading = this.#read()
      .catch((error) =>
        this.#options.logger.warn({ err: error }, 'definitions could not be read: the last known stay'),
      )
      .finally(() => {
        this.#reading = undefined;
        if (this.#again) {
          this.#again = false;
          void this.refresh();
        }
      });
    return this.#reading;
  }

  get(shardId: number): ShardPlan | undefined {
    return this.#plans.get(shardId);
  }

  shardIds(): number[] {
    return [...this.#plans.keys()];
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  async #read(): Promise<void> {
    const plans = new Map<number, ShardPlan & { version: string }>();
    for (const shard of await this.#options.shards()) {
      const { version, make } = await this.#options.definitions(shard);
      const known = this.#plans.get(shard.shardId);
      const { shardId, partitions } = shard;
      plans.set(
        shardId,
        known?.version === version ? known : { shardId, partitions, processor: make(), version },
      );
    }
    this.#plans = plans;
  }
}
