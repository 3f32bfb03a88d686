import type { Clock } from '@/server/core/clock';
import type { ShardDescription } from '@/server/identity';
import type { Logger } from '@/server/platform/logger';
import type { ShardPlan } from './lane-options';
import type { LogProcessor } from './partition-batch';

const REFRESH_MS = 5_000;
/** Definitions of which no change was heard are read again in so many refreshes, a part of the shards at a time: a minute. */
const REFRESHES_OF_A_PASS = 12;

/** What the processors of a shard are made from. */
export interface ShardDefinitions {
  /** Something that changes when the processors must be made anew, such as its rules' versions. */
  version: string;
  /** ms: when it changes without anybody changing it, such as by a signature that lapses; null: never */
  changesAt: number | null;
  make(): LogProcessor;
}

export interface ShardPlansOptions {
  /** Every shard, from Postgres. */
  shards(): Promise<ShardDescription[]>;
  definitions(shard: ShardDescription): Promise<ShardDefinitions>;
  now: Clock;
  logger: Logger;
}

interface KnownPlan extends ShardPlan {
  workspaceId: string;
  version: string;
  changesAt: number | null;
  /** the shard as it was described when its definitions were read */
  description: string;
}

/**
 * Settings, rules and shards as last known. Shards and their settings are one statement, read at the start and every 5 s.
 * Rules are read when a change of their workspace was heard, when a signature lapses, and of every shard once a minute,
 * should a word have been lost: what they cost does not grow with the workspaces. With Postgres away the last known stay.
 */
export class ShardPlans {
  readonly #options: ShardPlansOptions;
  readonly #stale = new Set<string>();
  #plans = new Map<number, KnownPlan>();
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> | undefined;
  #again = false;
  #isAllStale = false;
  #turn = 0;

  constructor(options: ShardPlansOptions) {
    this.#options = options;
  }

  /** @throws when Postgres cannot be read at all: there is nothing to work by */
  async start(): Promise<void> {
    await this.#read();
    this.#timer = setInterval(() => void this.#tick(), REFRESH_MS);
  }

  /** Reads again what changed. @param workspaceId whose settings or rules did; without one, anybody's may have */
  changed(workspaceId?: string): Promise<void> {
    if (workspaceId === undefined) this.#isAllStale = true;
    else this.#stale.add(workspaceId);
    return this.#refresh();
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

  #tick(): Promise<void> {
    this.#turn = (this.#turn + 1) % REFRESHES_OF_A_PASS;
    for (const { shardId, workspaceId } of this.#plans.values()) {
      if (shardId % REFRESHES_OF_A_PASS === this.#turn) this.#stale.add(workspaceId);
    }
    return this.#refresh();
  }

  /** Reads once more; calls that come meanwhile are one. */
  #refresh(): Promise<void> {
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
          void this.#refresh();
        }
      });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const stale = new Set(this.#stale);
    const isAllStale = this.#isAllStale;
    this.#stale.clear();
    this.#isAllStale = false;
    try {
      const plans = new Map<number, KnownPlan>();
      for (const shard of await this.#options.shards()) {
        const known = this.#plans.get(shard.shardId);
        const isStale = isAllStale || stale.has(shard.workspaceId);
        const plan = known && !isStale && this.#stands(known, shard) ? known : await this.#make(shard, known);
        plans.set(shard.shardId, plan);
      }
      this.#plans = plans;
    } catch (error) {
      for (const workspaceId of stale) this.#stale.add(workspaceId);
      this.#isAllStale ||= isAllStale;
      throw error;
    }
  }

  #stands({ description, changesAt }: KnownPlan, shard: ShardDescription): boolean {
    return description === JSON.stringify(shard) && (changesAt === null || changesAt > this.#options.now());
  }

  async #make(shard: ShardDescription, known: KnownPlan | undefined): Promise<KnownPlan> {
    const { version, changesAt, make } = await this.#options.definitions(shard);
    const { shardId, workspaceId, partitions } = shard;
    const processor = known?.version === version ? known.processor : make();
    return {
      shardId,
      workspaceId,
      partitions,
      processor,
      version,
      changesAt,
      description: JSON.stringify(shard),
    };
  }
}
