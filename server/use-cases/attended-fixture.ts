import { listShards } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { partitionName, writeHeartbeat } from '@/server/scaling';

/** A worker says that it has every partition there is: what is in their queues waits now. */
export async function attendAll(deps: Deps): Promise<void> {
  const partitions = (await listShards(deps)).flatMap(({ shardId, partitions: count }) =>
    Array.from({ length: count }, (_, partition) => partitionName(shardId, partition)),
  );
  const beat = { at: deps.now(), partitions, loads: [], leases: [] };
  await writeHeartbeat(deps.queueRedis, { group: 'main', worker: 'attending', ...beat });
}
