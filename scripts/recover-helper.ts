/** Rebuilds partitions for `recover-state.ts` on a processor of its own; ends when that process does. */

import { type ArchivedPartition, ShardRecovery } from '@/server/history';
import { listShards } from '@/server/identity';
import { processDeps } from '@/server/platform/connections';
import { loadEnv } from '@/server/platform/env';
import { recoveryOptions } from './recovery/options';

const deps = processDeps();
const options = recoveryOptions(loadEnv());
const shards = new Map<number, Promise<ShardRecovery>>();

function shardRecovery(shardId: number): Promise<ShardRecovery> {
  const held = shards.get(shardId) ?? openShard(shardId);
  shards.set(shardId, held);
  return held;
}

async function openShard(shardId: number): Promise<ShardRecovery> {
  const shard = (await listShards(deps)).find((one) => one.shardId === shardId);
  if (shard === undefined) throw new Error(`There is no shard ${shardId}.`);
  return ShardRecovery.open(deps, options, shard);
}

interface Asked {
  id: number;
  shardId: number;
  archived: ArchivedPartition;
}

process.on('message', async ({ id, shardId, archived }: Asked) => {
  try {
    const counts = await (await shardRecovery(shardId)).rebuild(archived);
    process.send?.({ id, counts });
  } catch (error) {
    process.send?.({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
// At once: another recovery may begin, and two must not write one partition.
process.on('disconnect', () => process.exit());
