import { CONFIG_CHANNEL } from '@/server/core/config-channel';
import type { PartitionCounters } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import type { ChannelFeed } from './channel-feed.connector';
import type { LiveMessage } from './live-message';
import { readPartitionViews } from './partition-view.repository';
import type { QueueRow } from './queue-room.schema';
import { ShardMirror } from './shard-mirror';

export interface ShardOfWorkspace {
  shardId: number;
  partitions: number;
}

export interface RegionPorts {
  deps: Pick<Deps, 'logRedis' | 'now'>;
  feed: ChannelFeed;
  /** those known; with `anew`, those there are now */
  shards(anew?: 'anew'): Promise<readonly ShardOfWorkspace[]>;
  /** called for every message that was applied */
  onMessage(message: LiveMessage): void;
  /** partitions were read anew: anything of these customers may have changed */
  onRead(customers: readonly string[]): void;
  /** what is said of these customers' waits is of now again, or no longer */
  onTurned(customers: readonly string[]): void;
  onError(error: unknown): void;
}

/** Mirrors of the shards a workspace has in its regions, and of those it is given while people look. */
export class FollowedRegions {
  readonly #workspaceId: string;
  readonly #ports: RegionPorts;
  readonly #mirrors = new Map<number, ShardMirror>();
  #unsubscribe: () => void = () => undefined;
  #isClosed = false;

  constructor(workspaceId: string, ports: RegionPorts) {
    this.#workspaceId = workspaceId;
    this.#ports = ports;
  }

  /** Hears of regions from now on; `follow` begins with those there are. */
  async listen(): Promise<void> {
    this.#unsubscribe = await this.#ports.feed.subscribe(CONFIG_CHANNEL, (text) => this.#changed(text));
  }

  async follow(): Promise<void> {
    await this.#watch(await this.#ports.shards());
  }

  /** What was told meanwhile was heard by nobody: all there are now are read. */
  async readAgain(): Promise<void> {
    await this.#watch(await this.#ports.shards('anew'));
    await Promise.all([...this.#mirrors.values()].map((mirror) => mirror.refresh()));
  }

  get shardIds(): number[] {
    return [...this.#mirrors.keys()];
  }

  get gaps(): number {
    return [...this.#mirrors.values()].reduce((sum, mirror) => sum + mirror.gaps, 0);
  }

  get newestAt(): number | null {
    const times = [...this.#mirrors.values()].flatMap(({ newestAt }) =>
      newestAt === null ? [] : [newestAt],
    );
    return times.length === 0 ? null : Math.max(...times);
  }

  *entries(): Iterable<QueueRow> {
    for (const mirror of this.#mirrors.values()) yield* mirror.entries();
  }

  entry(customer: string): QueueRow | undefined {
    for (const mirror of this.#mirrors.values()) {
      const entry = mirror.entry(customer);
      if (entry) return entry;
    }
    return undefined;
  }

  aggregates(): PartitionCounters[] {
    return [...this.#mirrors].flatMap(([shardId, mirror]) =>
      [...mirror.aggregates()].map(([partition, values]) => ({ shardId, partition, values })),
    );
  }

  close(): void {
    this.#isClosed = true;
    for (const mirror of this.#mirrors.values()) mirror.close();
    this.#unsubscribe();
  }

  /** Begins to follow those of the shards that are not followed yet. */
  async #watch(shards: readonly ShardOfWorkspace[]): Promise<void> {
    const added = shards.filter(({ shardId }) => !this.#mirrors.has(shardId));
    const starting = added.map((shard) => {
      const mirror = this.#mirror(shard);
      this.#mirrors.set(shard.shardId, mirror);
      return mirror.start();
    });
    await Promise.all(starting);
  }

  /** A region may have been added while people look. */
  #changed(text: string): void {
    const { workspaceId, what } = JSON.parse(text) as { workspaceId?: string; what?: string };
    if (workspaceId !== this.#workspaceId || what !== 'settings') return;
    this.#ports
      .shards('anew')
      .then((shards) => (this.#isClosed ? undefined : this.#watch(shards)))
      .catch(this.#ports.onError);
  }

  #mirror({ shardId, partitions }: ShardOfWorkspace): ShardMirror {
    const { deps, feed, onMessage, onRead, onTurned, onError } = this.#ports;
    return new ShardMirror(partitions, {
      read: (wanted) => readPartitionViews(deps.logRedis, shardId, wanted),
      subscribe: (handler) => feed.subscribe(`live:${shardId}`, handler),
      onMessage,
      onRead: (changed) => onRead(changed.map(([customer]) => customer)),
      onTurned,
      now: deps.now,
      onError,
    });
  }
}
