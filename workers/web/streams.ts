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
  const [first] = await knownShards(deps, workspaceId);
  // Asked each time: a region may have been added since.
  const ofEach = async <T>(read: (shardId: number) => Promise<T>) =>
    Promise.all((await knownShards(deps, workspaceId)).map(({ shardId }) => read(shardId)));
  return new StreamsSampler({
    now: deps.now,
    latenessMs: first?.settings.latenessMs ?? 0,
    idleMs: loadEnv().IDLE_MS,
    readLag: ports.readLag,
    readFlow: () => ofEach((shardId) => readFlow(deps, shardId)),
    async readOperators() {
      const found = await ofEach(async (shardId) => {
        const standings = await readOperators(deps.queueRedis, shardId);
        return [...standings].map(([process, standing]) => [`${shardId} ${process}`, standing] as const);
      });
      return new Map(found.flat());
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
