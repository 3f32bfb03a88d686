import { knownShards } from '@/server/features';
import type { SampledReader } from '@/server/live';
import {
  type LagReading,
  OperationsSampler,
  readFlow,
  recentCourse,
  sharedReadings,
} from '@/server/observability';
import type { Deps } from '@/server/platform/deps';

/** What the room `operations` of a workspace shows, sampled while somebody looks. */
export async function openOperations(
  deps: Deps,
  workspaceId: string,
  ports: { readLag: () => Promise<LagReading[]>; onError: (error: unknown) => void },
): Promise<SampledReader> {
  const shards = await knownShards(deps, workspaceId);
  return new OperationsSampler({
    now: deps.now,
    currency: shards[0]?.settings.currency ?? 'USD',
    readLag: ports.readLag,
    readFlow: () => Promise.all(shards.map(({ shardId }) => readFlow(deps, shardId))),
    readShared: () => sharedReadings(deps, workspaceId),
    readCourse: (metric) => recentCourse(deps, workspaceId, metric),
    onError: ports.onError,
  });
}
