import { checkpointFigures } from '@/server/history';
import { listShards } from '@/server/identity';
import { readStateHealth } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { Gauge, type MetricsRegistry } from '@/server/platform/metrics';

/** Figures of snapshots and of the recomputation, read when they are asked for; what cannot be read is left out. */
export function registerStateMetrics(registry: MetricsRegistry, deps: Deps): void {
  const registers = [registry];
  const divergent = new Gauge({
    name: 'millrace_state_divergent_customers',
    help: 'Customers whose stored state is not what their events in history make it',
    labelNames: ['workspace'],
    registers,
  });
  const checkedAge = new Gauge({
    name: 'millrace_state_check_age_seconds',
    help: 'Time since states were recomputed and compared last',
    labelNames: ['workspace'],
    registers,
  });
  new Gauge({
    name: 'millrace_snapshot_age_seconds',
    help: 'Time since the partition that waited longest was taken, or seen to have no news',
    labelNames: ['workspace', 'shard'],
    registers,
    async collect() {
      this.reset();
      divergent.reset();
      checkedAge.reset();
      const shards = await listShards(deps).catch(() => []);
      for (const { workspaceId, shardId } of shards) {
        const age = await checkpointFigures(deps, shardId).catch(() => null);
        if (age !== null) this.set({ workspace: workspaceId, shard: String(shardId) }, age.oldestMs / 1_000);
      }
      for (const workspace of new Set(shards.map(({ workspaceId }) => workspaceId))) {
        const health = await readStateHealth(deps, workspace).catch(() => null);
        if (health === null) continue;
        divergent.set({ workspace }, health.divergent);
        checkedAge.set({ workspace }, (deps.now() - health.at) / 1_000);
      }
    },
  });
}
