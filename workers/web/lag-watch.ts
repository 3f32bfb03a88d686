import { knownShards } from '@/server/features';
import type { Deps } from '@/server/platform/deps';
import { type DetailedLag, detailedLagOf } from '@/server/scaling';
import type { ShardRegion } from '@/server/scaling/lag-board.schema';

/** Lag is read from the stores at most this often, however many ask, ms. */
const KEPT_MS = 900;

interface Kept {
  at: number;
  readings: Promise<ReadAt>;
}

interface ReadAt {
  /** ms: when they were read */
  at: number;
  regions: ShardRegion[];
  readings: DetailedLag[];
}

/** How far behind the processors of a workspace are; asked for by several rooms, read once. */
export class LagWatch {
  #deps: Deps;
  #kept = new Map<string, Kept>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @throws when the stores cannot be reached */
  async read(workspaceId: string): Promise<DetailedLag[]> {
    return (await this.readAt(workspaceId)).readings;
  }

  /** The same, with the time it is true of. */
  readAt(workspaceId: string): Promise<ReadAt> {
    const now = this.#deps.now();
    const kept = this.#kept.get(workspaceId);
    if (kept && now - kept.at < KEPT_MS) return kept.readings;
    const readings = this.#read(workspaceId);
    this.#kept.set(workspaceId, { at: now, readings });
    return readings;
  }

  async #read(workspaceId: string): Promise<ReadAt> {
    const shards = await knownShards(this.#deps, workspaceId);
    const readings = await Promise.all(shards.map((shard) => detailedLagOf(this.#deps, shard)));
    const regions = shards.map(({ shardId, region }) => ({ shardId, region }));
    return { at: this.#deps.now(), regions, readings: readings.flat() };
  }
}
