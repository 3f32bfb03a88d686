interface ShardRegion {
  shardId: number;
  region: string;
}

/** The name of a shard's region. */
export type RegionNames = (shardId: number) => string;

/** Names of the regions of a workspace's shards; null: it has one, which need not be named. */
export function regionNames(regions: readonly ShardRegion[]): RegionNames | null {
  if (regions.length < 2) return null;
  const names = new Map(regions.map(({ shardId, region }) => [shardId, region]));
  // A region may have been added since the names were read.
  return (shardId) => names.get(shardId) ?? `shard ${shardId}`;
}
