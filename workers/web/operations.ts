import { knownShards } from '@/server/features';
import type { SampledReader } from '@/server/live';
import {
  type LagOfShards,
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
  ports: { readLag: () => Promise<LagOfShards>; onError: (error: unknown) => void },
): Promise<SampledReader> {
  const [first] = await knownShards(deps, workspaceId);
  return new OperationsSampler({
    now: deps.now,
    currency: first?.settings.currency ?? 'USD',
    readLag: ports.readLag,
    // Asked each time: a region may have been added since.
    readFlow: async () =>
      Promise.all((await knownShards(deps, workspaceId)).map(({ shardId }) => readFlow(deps, shardId))),
    readShared: () => sharedReadings(deps, workspaceId),
    readCourse: (metric) => recentCourse(deps, workspaceId, metric),
    onError: ports.onError,
  });
}
