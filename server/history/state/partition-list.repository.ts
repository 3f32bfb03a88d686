import { partitionsKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';

/** Partitions of a shard that ever held a record, in order. */
export async function activePartitions(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<number[]> {
  const members = await logRedis.smembers(partitionsKey(shardId));
  return members.map(Number).sort((a, b) => a - b);
}
