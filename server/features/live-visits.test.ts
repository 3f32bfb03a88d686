import { beforeAll, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { event, run, START } from '@/server/processors/pump-fixtures';
import { partitionKeys } from '@/server/scaling';
import { liveVisits } from './live-visits.service';

let deps: Awaited<ReturnType<typeof testDeps>>;
let person: { workspaceId: string; userId: string };

/** Stores a customer's state as the stream does, with the timer of the end of the visit and the partition's clock. */
async function store(customer: string, names: readonly string[], lastMinute: number, clockMinute: number) {
  const [shard] = await shardsOf(deps, person.workspaceId);
  const { shardId, partitions } = shard ?? { shardId: 0, partitions: 1 };
  const keys = partitionKeys(shardId, partitionOf(customer, partitions));
  const first = lastMinute - names.length + 1;
  const pump = run(names.map((name, index) => event(name, first + index, { name: 'Lamp' }, { c: customer })));
  await deps.logRedis.hset(keys.state, customer, JSON.stringify(pump.state(customer)));
  await deps.logRedis.zadd(keys.timers, START + (lastMinute + 30) * MINUTE_MS, customer);
  await deps.logRedis.hset(keys.clock, 'newest', START + clockMinute * MINUTE_MS);
}

beforeAll(async () => {
  deps = await testDeps();
  person = { workspaceId: (await testWorkspace(deps, 'north')).workspaceId, userId: 'u_ops' };
  await store('viewer', ['Product Viewed'], 5, 10);
  await store('buyer', ['Product Viewed', 'Product Added', 'Checkout Started', 'Order Completed'], 9, 10);
  await store('eve@example.org', ['Product Added'], 7, 10);
  await store('gone', ['Product Added'], 2, 40);
});

it('lists the visits that go on and reached the step, newest first, with keys that say who somebody is cut', async () => {
  const { visits, isCut } = await liveVisits(deps, person, 'added');
  expect(visits).toEqual([
    expect.objectContaining({ key: 'buyer', label: 'buyer', furthest: 'ordered', events: 4 }),
    expect.objectContaining({ key: null, label: 'ev•••', furthest: 'added', events: 1 }),
  ]);
  expect(visits[0]).toMatchObject({ startedAt: START + 6 * MINUTE_MS, lastAt: START + 9 * MINUTE_MS });
  expect(isCut).toBe(false);
  const all = await liveVisits(deps, person, 'visited');
  expect(all.visits.map(({ label }) => label)).toEqual(['buyer', 'ev•••', 'viewer']);
});

it('puts each look on record', async () => {
  const looks = () =>
    withWorkspace(deps.db, person.workspaceId, (tx) =>
      tx.auditEntry.count({ where: { action: 'visits.listed', actorId: person.userId } }),
    );
  const before = await looks();
  await liveVisits(deps, person, 'ordered');
  expect(await looks()).toBe(before + 1);
});
