import { valuesOf } from '@/server/core/redis-replies';
import { partitionsKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';

/** Partitions of a shard that ever held a record, in order. */
export async function activePartitions(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<number[]> {
  return inOrder(await logRedis.smembers(partitionsKey(shardId)));
}

/** The same of several shards, in one round trip. */
export async function activePartitionsOf(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardIds: readonly number[],
): Promise<Map<number, number[]>> {
  const pipeline = logRedis.pipeline();
  for (const shardId of shardIds) pipeline.smembers(partitionsKey(shardId));
  const found = valuesOf(await pipeline.exec()) as string[][];
  return new Map(shardIds.map((shardId, index) => [shardId, inOrder(found[index] ?? [])]));
}

const inOrder = (members: readonly string[]) => members.map(Number).sort((a, b) => a - b);
