import { beforeAll, expect, it } from 'vitest';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { tellStateHealth } from '@/server/observability';
import { createMetrics, type MetricsRegistry } from '@/server/platform/metrics';
import { registerStateMetrics } from './state-metrics';

let deps: Awaited<ReturnType<typeof testDeps>>;
let registry: MetricsRegistry;

beforeAll(async () => {
  deps = await testDeps();
  registry = createMetrics('jobs');
  registerStateMetrics(registry, deps);
});

it('says nothing of what nobody has looked at, then how many differ and how old that is', async () => {
  const { workspaceId } = await testWorkspace(deps, 'figures');
  const [shard] = await shardsOf(deps, workspaceId);
  const before = await registry.metrics();
  expect(before).not.toMatch(/millrace_state_divergent_customers\{/);
  expect(before).not.toMatch(/millrace_snapshot_age_seconds\{/);

  const at = deps.now();
  await tellStateHealth(deps, workspaceId, { divergent: 3, at });
  const last = { takenAt: at, checkedAt: at, sequence: '1', events: 5 };
  await deps.queueRedis.hset(`snapshots:${shard?.shardId}`, '0', JSON.stringify(last));
  deps.advance(30_000);
  const after = await registry.metrics();
  expect(after).toMatch(new RegExp(`millrace_state_divergent_customers\\{[^}]*${workspaceId}[^}]*\\} 3`));
  const passedSeconds = (deps.now() - at) / 1_000;
  const ageOf = (name: string) => Number(new RegExp(`${name}\\{[^}]*\\} ([\\d.]+)`).exec(after)?.[1]);
  for (const name of ['millrace_state_check_age_seconds', 'millrace_snapshot_age_seconds']) {
    expect(ageOf(name), name).toBeGreaterThanOrEqual(30);
    expect(ageOf(name), name).toBeLessThanOrEqual(passedSeconds);
  }
});
