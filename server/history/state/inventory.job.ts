import { DAY_MS, MINUTE_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import { listShards } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { type KindSize, keepSizes, stateSizes } from './inventory.repository';
import { activePartitions } from './partition-list.repository';

export const INVENTORY_EVERY_MS = 10 * MINUTE_MS;
const KEPT_MS = 30 * DAY_MS;

/** Keeps the size of each kind of state of every workspace, so that growth can be told. */
export async function takeInventory(deps: Deps): Promise<number> {
  const at = deps.now();
  const kept = await eachInTurn(
    Map.groupBy(await listShards(deps), (shard) => shard.workspaceId),
    ([workspaceId]) => workspaceId,
    async ([workspaceId, shards]) => {
      const sizes = await sizesOf(deps, shards);
      await keepSizes(deps, workspaceId, sizes, new Date(at), new Date(at - KEPT_MS));
    },
  );
  return kept.length;
}

/** Sizes by kind over all shards. */
export async function sizesOf(
  deps: Pick<Deps, 'logRedis'>,
  shards: readonly { shardId: number }[],
): Promise<KindSize[]> {
  const sums = new Map<string, KindSize>();
  for (const { shardId } of shards) {
    for (const size of await stateSizes(deps.logRedis, shardId, await activePartitions(deps, shardId))) {
      const sum = sums.get(size.kind) ?? { ...size, keys: 0, bytes: 0 };
      sums.set(size.kind, { ...sum, keys: sum.keys + size.keys, bytes: sum.bytes + size.bytes });
    }
  }
  return [...sums.values()];
}
