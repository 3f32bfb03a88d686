import { checkpointFigures } from '@/server/history';
import { listShards } from '@/server/identity';
import { readStateHealth, type StateHealth } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { Gauge, type MetricsRegistry } from '@/server/platform/metrics';

/** Figures of snapshots and of the recomputation, read when they are asked for; what cannot be read is left out. */
export function registerStateMetrics(registry: MetricsRegistry, deps: Deps): void {
  const registers = [registry];
  const health = (name: string, help: string, figureOf: (health: StateHealth) => number) =>
    new Gauge({
      name,
      help,
      labelNames: ['workspace'],
      registers,
      async collect() {
        this.reset();
        for (const workspace of await workspacesOf(deps)) {
          const known = await readStateHealth(deps, workspace).catch(() => null);
          if (known !== null) this.set({ workspace }, figureOf(known));
        }
      },
    });
  health(
    'millrace_state_divergent_customers',
    'Customers whose stored state is not what their events in history make it',
    ({ divergent }) => divergent,
  );
  health(
    'millrace_state_check_age_seconds',
    'Time since states were recomputed and compared last',
    ({ at }) => (deps.now() - at) / 1_000,
  );
  new Gauge({
    name: 'millrace_snapshot_age_seconds',
    help: 'Time since the partition that waited longest was taken, or seen to have no news',
    labelNames: ['workspace', 'shard'],
    registers,
    async collect() {
      this.reset();
      for (const { workspaceId, shardId } of await listShards(deps).catch(() => [])) {
        const age = await checkpointFigures(deps, shardId).catch(() => null);
        if (age !== null) this.set({ workspace: workspaceId, shard: String(shardId) }, age.oldestMs / 1_000);
      }
    },
  });
}

async function workspacesOf(deps: Deps): Promise<Set<string>> {
  const shards = await listShards(deps).catch(() => []);
  return new Set(shards.map(({ workspaceId }) => workspaceId));
}
