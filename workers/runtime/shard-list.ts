import type { ShardDescription } from '@/server/identity';
import type { Logger } from '@/server/platform/logger';

const REFRESH_MS = 5_000;

/** The shards there are, read anew every 5 s; with Postgres away the last known stay. */
export class ShardList {
  readonly #read: () => Promise<ShardDescription[]>;
  readonly #logger: Logger;
  #known = new Map<number, ShardDescription>();
  #timer: NodeJS.Timeout | undefined;

  constructor(read: () => Promise<ShardDescription[]>, logger: Logger) {
    this.#read = read;
    this.#logger = logger;
  }

  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => {
      this.refresh().catch((error) => this.#logger.warn({ err: error }, 'shards could not be read'));
    }, REFRESH_MS);
  }

  async refresh(): Promise<void> {
    this.#known = new Map((await this.#read()).map((shard) => [shard.shardId, shard]));
  }

  all(): ShardDescription[] {
    return [...this.#known.values()];
  }

  get(shardId: number): ShardDescription | undefined {
    return this.#known.get(shardId);
  }

  ids(): number[] {
    return [...this.#known.keys()];
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
