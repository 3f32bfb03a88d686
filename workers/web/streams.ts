import { knownShards } from '@/server/features';
import type { SampledReader } from '@/server/live';
import { type LagReading, readFlow } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { readClocks, readOperators, StreamsSampler, sampleStates } from '@/server/scaling';

/** What the room `streams` of a workspace shows: its operators, sampled while somebody looks. */
export async function openStreams(
  deps: Deps,
  workspaceId: string,
  ports: { readLag: () => Promise<LagReading[]>; onError: (error: unknown) => void },
): Promise<SampledReader> {
  const shards = await knownShards(deps, workspaceId);
  const ofEach = <T>(read: (shardId: number) => Promise<T>) =>
    Promise.all(shards.map(({ shardId }) => read(shardId)));
  return new StreamsSampler({
    now: deps.now,
    latenessMs: shards[0]?.settings.latenessMs ?? 0,
    idleMs: loadEnv().IDLE_MS,
    readLag: ports.readLag,
    readFlow: () => ofEach((shardId) => readFlow(deps, shardId)),
    async readOperators() {
      const found = await ofEach((shardId) => readOperators(deps.queueRedis, shardId));
      return new Map(
        found.flatMap((standings, index) =>
          [...standings].map(
            ([process, standing]) => [`${shards[index]?.shardId} ${process}`, standing] as const,
          ),
        ),
      );
    },
    readClocks: async () => (await ofEach((shardId) => readClocks(deps, shardId))).flat(),
    async readStates() {
      const samples = await ofEach((shardId) => sampleStates(deps, shardId));
      return {
        customers: samples.reduce((sum, { customers }) => sum + customers, 0),
        states: samples.flatMap(({ states }) => states),
      };
    },
    onError: ports.onError,
  });
}
