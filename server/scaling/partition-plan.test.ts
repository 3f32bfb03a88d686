import { beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { countKey } from '@/server/event-log';
import { type ShardDescription, shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { writeHeartbeat } from './heartbeats';
import { partitionName } from './partition-keys';
import { lastDaysLoad, loadBetween, recordTotals } from './partition-load.service';
import { hotCustomers, tryPartitioning, tryWorkers } from './partition-plan.service';
import { writeWorkerVitals } from './worker-vitals';

let deps: Awaited<ReturnType<typeof testDeps>>;
let north: Awaited<ReturnType<typeof testWorkspace>>;
let shard: ShardDescription;

beforeAll(async () => {
  deps = await testDeps();
  deps.stopClock();
  north = await testWorkspace(deps, 'north');
  const [first] = await shardsOf(deps, north.workspaceId);
  if (!first) throw new Error('no shard');
  shard = first;
});

async function come(perPartition: readonly number[]): Promise<void> {
  for (const [partition, events] of perPartition.entries()) {
    await deps.logRedis.incrby(countKey(shard.shardId, partition), events);
  }
}

const nameOf = (partition: number) => partitionName(shard.shardId, partition);

/** A worker that holds these partitions and says whose events it works on. */
async function worker(name: string, held: readonly number[], hot: [string, number][] = []): Promise<void> {
  const partitions = held.map(nameOf);
  const at = deps.now();
  await writeHeartbeat(deps.queueRedis, {
    group: 'main',
    worker: name,
    at,
    partitions,
    loads: held.map(() => 0),
    leases: [],
  });
  await writeWorkerVitals(deps.queueRedis, 'main', name, {
    at,
    windowSeconds: 10,
    waitsFor: 'Redis',
    handlerShare: 0.1,
    waitShare: 0,
    waitingMs: 0,
    failures: 0,
    msPerEvent: 0.1,
    usualMsPerEvent: 0.1,
    partitions: {
      [partitions[0] ?? '']: { perSecond: 100, handlerMs: 1, hot },
      '987654.0': { perSecond: 1_000, handlerMs: 1, hot: [['customer-of-others', 1]] },
    },
  });
}

describe('the load of the last day', () => {
  it('is what came since it was first noted, counted from anew where the log was lost', async () => {
    expect(await lastDaysLoad(deps, shard)).toBeNull();
    await come([10, 20, 0, 0, 0, 0, 0, 0]);
    await recordTotals(deps);
    deps.advance(60_000);
    await come([5, 1, 0, 0, 0, 0, 0, 0]);
    await recordTotals(deps);
    deps.advance(30_000);
    const load = await lastDaysLoad(deps, shard);
    expect(load?.events).toEqual([5, 1, 0, 0, 0, 0, 0, 0]);
    expect((load?.to ?? 0) - (load?.from ?? 0)).toBe(90_000);
    expect(loadBetween({ at: 0, totals: [100n] }, { at: 1, totals: [7n] }).events).toEqual([7]);
  });

  it('is what a preview of other workers is made from; all partitions keep a holder', async () => {
    await come([900, 900, 900, 900, 0, 0, 0, 0]);
    await worker('w1', [0, 1, 2]);
    const preview = await tryWorkers(deps, north.workspaceId, 2);
    expect(preview?.before.workers.map(({ partitions }) => partitions)).toEqual([3]);
    expect(preview?.after.workers.reduce((sum, { partitions }) => sum + partitions, 0)).toBe(4);
    expect(preview?.moves.some(({ from, name }) => from === null && name === nameOf(3))).toBe(true);
    expect(preview?.after.skew).toBeLessThan(1.1);
  });
});

describe('hot customers', () => {
  it('are masked for whom customers are not, and on record for whom they are', async () => {
    await worker(
      'w1',
      [0],
      [
        ['customer-anna', 0.9],
        ['', 0.1],
      ],
    );
    const masked = await hotCustomers(deps, north.actor('ops'));
    expect(masked.map(({ key, isMasked }) => [key, isMasked])).toEqual([
      ['cu••••na', true],
      [null, true],
    ]);
    expect(JSON.stringify(masked)).not.toMatch(/anna|others/);
    const audited = () =>
      withWorkspace(deps.db, north.workspaceId, (tx) =>
        tx.auditEntry.count({ where: { action: 'customer.viewed', subject: 'customer-anna' } }),
      );
    expect(await audited()).toBe(0);
    const open = await hotCustomers(deps, north.actor('admin'));
    expect(open[0]).toMatchObject({ key: 'customer-anna', isMasked: false, share: 0.9 });
    expect(await audited()).toBe(1);
  });
});

describe('what another partitioning would do', () => {
  it('is told of real events of the last day, not of those who opted out', async () => {
    expect(await tryPartitioning(deps, north.workspaceId, { partitions: 4, key: 'customer' })).toBeNull();
    const customers = [...Array.from({ length: 50 }, (_, i) => `customer-${i}`), null];
    const now = deps.now();
    await withWorkspace(deps.db, north.workspaceId, (tx) =>
      tx.historyEvent.createMany({
        data: customers.map((customer, index) => ({
          workspaceId: north.workspaceId,
          shardId: shard.shardId,
          partition: customer === null ? 0 : partitionOf(customer, shard.partitions),
          position: `${now}-0/${index}`,
          loggedAt: new Date(now),
          eventAt: new Date(now),
          customer,
          messageId: `m${index}`,
          sourceId: 's',
          kind: 'track',
          name: 'Page Seen',
          platform: 'web',
          properties: {},
        })),
      }),
    );
    const bySource = await tryPartitioning(deps, north.workspaceId, { partitions: 4, key: 'source' });
    expect(bySource).toMatchObject({ sampledEvents: 50, customers: 50, heaviestShare: 1, splitCustomers: 0 });
    expect(bySource?.tried.skew).toBe(4);
    const byId = await tryPartitioning(deps, north.workspaceId, { partitions: 4, key: 'message id' });
    expect(byId?.tried.skew).toBeLessThan(2);
    expect(byId?.now.partitions).toBe(shard.partitions);
  });
});
