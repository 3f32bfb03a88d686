import { expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { partitionKeys } from '@/server/scaling';
import { workspaceDigest } from './digest.service';

it('does not tell by way of which keys a history came to its customer, but to whom it came', async () => {
  const deps = await testDeps();
  const { workspaceId } = await testWorkspace(deps, 'chain');
  const [shard] = await shardsOf(deps, workspaceId);
  if (!shard) throw new Error('no shard');
  const { shardId, partitions } = shard;
  const move = async (from: string, to: string, others?: string[]) => {
    const { state, redirects } = partitionKeys(shardId, partitionOf(from, partitions));
    await deps.logRedis.hset(redirects, from, to);
    await deps.logRedis.hset(state, from, JSON.stringify({ m: to, w: 5, o: others }));
  };
  const digest = async () => (await workspaceDigest(deps, workspaceId)).digest;

  await move('second', 'third');
  await move('first', 'second', ['third']);
  const byWay = await digest();
  await move('first', 'third');
  expect(await digest()).toBe(byWay);
  await move('first', 'third', ['fourth']);
  const shared = await digest();
  expect(shared).not.toBe(byWay);
  expect(
    (await workspaceDigest(deps, workspaceId)).partitions.every(({ customers }) => customers === 0),
  ).toBe(true);
  await move('first', 'fourth');
  expect([byWay, shared]).not.toContain(await digest());
});
