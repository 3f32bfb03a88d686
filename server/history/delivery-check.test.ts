import { beforeAll, describe, expect, it } from 'vitest';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { disorderByPartition, sumChecks } from './delivery-check.repository';
import { checkShard } from './delivery-check.service';
import { duplicatesLedger } from './duplicates.service';

const NOW = Date.UTC(2026, 4, 30, 13);
let deps: Awaited<ReturnType<typeof testDeps>>;
let workspaceId: string;
let shard: Awaited<ReturnType<typeof shardsOf>>[number];
let now = NOW;

beforeAll(async () => {
  deps = { ...(await testDeps()), now: () => now };
  workspaceId = (await testWorkspace(deps, 'north')).workspaceId;
  const [first] = await shardsOf(deps, workspaceId);
  if (!first) throw new Error('no shard');
  shard = first;
});

interface Row {
  /** s before `now` */
  ago: number;
  id: string;
  partition?: number;
  index?: number;
  source?: string;
  customer?: string | null;
  /** s the event time lies before the log time */
  late?: number;
}

/** Puts events into history as the archive would. */
async function archived(rows: readonly Row[]): Promise<void> {
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.historyEvent.createMany({
      data: rows.map(({ ago, id, partition = 3, index = 0, source = 's', customer = 'anna', late = 0 }) => ({
        workspaceId,
        shardId: shard.shardId,
        partition,
        position: `${now - ago * 1_000}-0/${index}`,
        loggedAt: new Date(now - ago * 1_000),
        eventAt: new Date(now - (ago + late) * 1_000),
        customer,
        messageId: id,
        sourceId: source,
        kind: 'track',
        name: 'Page Seen',
        platform: 'web',
        properties: {},
      })),
    }),
  );
}

const check = () => checkShard(deps, shard);
const found = () => sumChecks(deps, workspaceId, now - 600_000, now);

describe('the check of deliveries', () => {
  it('finds nothing where order was kept and every id came once', async () => {
    await archived([
      { ago: 60, id: 'a' },
      { ago: 59, id: 'b' },
      { ago: 59, id: 'c', index: 1 },
      { ago: 58, id: 'd', customer: 'bert', late: 50 },
    ]);
    expect(await check()).toBe(true);
    expect(await found()).toMatchObject({ checks: 1, events: 4, leaked: 0, outOfOrder: 0 });
  });

  it('looks at a stretch once', async () => {
    expect(await check()).toBe(false);
    now += 60_000;
    expect(await check()).toBe(true);
    expect((await found()).events).toBe(4);
  });

  it('counts an event after a later one of the same customer and source, and no other', async () => {
    now += 120_000;
    await archived([
      { ago: 60, id: 'o1' },
      { ago: 59, id: 'o2', late: 10 },
      { ago: 58, id: 'o3', late: 30, source: 'other' },
      { ago: 57, id: 'o4', late: 30, customer: 'bert' },
      { ago: 56, id: 'o5', late: 30, customer: null },
      { ago: 55, id: 'o6', index: 1, late: 20 },
    ]);
    await check();
    expect((await found()).outOfOrder).toBe(2);
    expect(await disorderByPartition(deps, workspaceId, now - 600_000)).toEqual([
      { shardId: shard.shardId, partition: 3, outOfOrder: 2 },
    ]);
  });

  it('orders what was logged in one entry by its place in it, not as text', async () => {
    now += 120_000;
    await archived(
      Array.from({ length: 12 }, (_, index) => ({ ago: 60, id: `i${index}`, index, late: 12 - index })),
    );
    const before = (await found()).outOfOrder;
    await check();
    expect((await found()).outOfOrder - before).toBeLessThanOrEqual(0);
  });

  it('finds an effect that an id had twice: within the stretch, and before it', async () => {
    now += 700_000;
    await archived([
      { ago: 60, id: 'twice' },
      { ago: 59, id: 'twice', partition: 5 },
      { ago: 58, id: 'twice', source: 'another key' },
      { ago: 57, id: 'a' },
    ]);
    await check();
    expect((await found()).leaked).toBe(2);
  });

  it('shows in the ledger beside what was suppressed', async () => {
    await withWorkspace(deps.db, workspaceId, (tx) =>
      tx.duplicateAttempt.createMany({
        data: [50, 40, 30].map((ago) => ({
          workspaceId,
          shardId: shard.shardId,
          partition: 3,
          position: `${now - ago * 1_000}-0/0`,
          messageId: 'again',
          sourceId: 's',
          eventAt: new Date(0),
          receivedAt: new Date(now - ago * 1_000),
        })),
      }),
    );
    const ledger = await duplicatesLedger(deps, workspaceId, { from: now - 300_000, to: now });
    expect(ledger).toMatchObject({ seen: 5, suppressed: 3, leaked: 2, coverage: null });
    expect(ledger.repeated).toEqual([
      { messageId: 'again', sourceId: 's', attempts: 3, lastAt: now - 30_000 },
    ]);
    expect(ledger.course.reduce((sum, step) => sum + step.suppressed, 0)).toBe(3);
    const later = await duplicatesLedger(deps, workspaceId, { from: now - 35_000, to: now });
    expect(later.suppressed).toBe(1);
  });
});
