import { beforeAll, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { event, run, START } from '@/server/processors/pump-fixtures';
import { partitionKeys } from '@/server/scaling';
import { readCustomer } from './customer.service';

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
  const { state } = partitionKeys(shard?.shardId ?? 0, partitionOf('anna', shard?.partitions ?? 1));
  const kept = run([event('Product Viewed', 0, {}, { c: 'anna' })]).state('anna');
  await deps.logRedis.hset(state, 'anna', JSON.stringify(kept));
});

const readAt = (now: number) => readCustomer({ ...deps, now: () => now }, workspaceId, 'anna');

it('every read says from when on it is expired, by the workspace’s own limit, and that it is', async () => {
  const end = START + MINUTE_MS;
  expect(await readAt(end)).toMatchObject({ expired: false, expiresAt: end, ageMs: MINUTE_MS });
  expect(await readAt(end + SECOND_MS)).toMatchObject({ expired: true, expiresAt: end });
});
