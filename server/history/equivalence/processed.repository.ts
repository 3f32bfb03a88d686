import { valuesOf } from '@/server/core/redis-replies';
import { offsetKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { activePartitions } from '../state/partition-list.repository';

/** Partitions of a shard that ever held a record, with how many events each has processed. */
export async function processedByPartition(
  deps: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<{ shardId: number; partition: number; events: number }[]> {
  const partitions = await activePartitions(deps, shardId);
  const pipeline = deps.logRedis.pipeline();
  for (const partition of partitions) pipeline.hget(offsetKey(shardId, partition, 'main'), 'n');
  const counts = valuesOf(await pipeline.exec());
  return partitions.map((partition, index) => ({ shardId, partition, events: Number(counts[index] ?? 0) }));
}
