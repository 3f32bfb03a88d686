import { beforeAll, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { readCustomer, storeReads, tellReads } from '@/server/features';
import { storeFigures } from '@/server/features/store-reads.service';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { createMetrics } from '@/server/platform/metrics';
import { createRedis } from '@/server/platform/redis';
import { event, run } from '@/server/processors/pump-fixtures';
import { partitionKeys } from '@/server/scaling';
import { followStoreReads } from './store-reads';

let deps: Awaited<ReturnType<typeof testDeps>>;
let workspaceId: string;

beforeAll(async () => {
  deps = await testDeps();
  workspaceId = (await testWorkspace(deps, 'north')).workspaceId;
  await deps.db.workspace.update({
    where: { id: workspaceId },
    data: { settings: { cardTtlMs: MINUTE_MS } },
  });
  const [shard] = await shardsOf(deps, workspaceId);
  const keep = async (customer: string, t: number) => {
    const { state } = partitionKeys(shard?.shardId ?? 0, partitionOf(customer, shard?.partitions ?? 1));
    const kept = run([event('Product Viewed', 0, {}, { c: customer, t, r: t })]).state(customer);
    await deps.logRedis.hset(state, customer, JSON.stringify(kept));
  };
  await keep('fresh', deps.now());
  await keep('old', deps.now() - 2 * MINUTE_MS);
});

it('every read is counted by what it found, timed, and shown for all processes together', async () => {
  const metrics = createMetrics('web');
  const stop = followStoreReads(metrics, deps, (error) => expect(error).toBeUndefined());
  expect(await storeFigures(deps, workspaceId)).toMatchObject({ at: null, p50Ms: null, hitRate: null });
  for (const key of ['fresh', 'fresh', 'old', 'nobody']) await readCustomer(deps, workspaceId, key);
  const text = await metrics.metrics();
  const lookups = (outcome: string) =>
    text.match(new RegExp(`millrace_store_lookups_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`))?.[1];
  expect([lookups('fresh'), lookups('expired'), lookups('miss')]).toEqual(['2', '1', '1']);
  expect(text).toMatch(/millrace_store_read_seconds_count\{[^}]*\} 4/);
  expect(text).not.toContain('nobody');
  await tellReads(deps, storeReads());
  // Another process with a read of its own.
  const once = { ms: 0.7, hits: 1, misses: 0, expired: 0, failed: false };
  const before = deps.now();
  storeReads().note(workspaceId, once);
  await tellReads(deps, storeReads());
  const figures = await storeFigures(deps, workspaceId);
  expect(figures).toMatchObject({ reads: 5, failed: 0, lookups: 5, hitRate: 4 / 5, expiredShare: 1 / 4 });
  expect(figures.p50Ms).toBeGreaterThan(0);
  expect(figures.p99Ms ?? 0).toBeGreaterThanOrEqual(figures.p50Ms ?? 0);
  expect(figures.at).toBeGreaterThanOrEqual(before);
  expect(figures.at).toBeLessThanOrEqual(deps.now());
  stop();
});

it('a store that does not answer is a failed read, neither hit nor miss', async () => {
  // Nobody listens here, and no program that asks for a free port is ever given it.
  const nowhere = createRedis('redis://127.0.0.1:1', { name: 'test-away' });
  await expect(readCustomer({ ...deps, logRedis: nowhere }, workspaceId, 'fresh')).rejects.toThrow();
  nowhere.disconnect();
  await tellReads(deps, storeReads());
  expect(await storeFigures(deps, workspaceId)).toMatchObject({ failed: 1, reads: 5, lookups: 5 });
});

it('forgets what was read longer than fifteen minutes ago', async () => {
  deps.advance(16 * MINUTE_MS);
  expect(await storeFigures(deps, workspaceId)).toMatchObject({ at: null, reads: 0, hitRate: null });
});
