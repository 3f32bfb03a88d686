import { parsePartitionName } from '@/server/scaling';

/** Leases of a group, over all shards: what BullMQ renews and looks through does not grow with the workspaces. */
export const LEASES = 256;
/** Shards that follow each other come on leases of their own as long as there are some. */
const SHARD_STRIDE = 64;

/**
 * The lease a partition is held under. Up to 256 partitions of one shard, and four shards of 64, have one each; beyond
 * that the partitions of several shards share one.
 *
 * @param partition `<shard>.<partition>`
 * @throws RangeError for anything else
 */
export function leaseOf(partition: string): string {
  const place = parsePartitionName(partition);
  if (!place) throw new RangeError(`"${partition}" is no partition.`);
  return `lease-${(place.shardId * SHARD_STRIDE + place.partition) % LEASES}`;
}
