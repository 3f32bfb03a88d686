import { beforeAll, describe, expect, it } from 'vitest';
import type { PersonActor } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { lateFilter } from './late-event.schema';
import { latePage, lateSummary } from './late-event.service';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T10:00:00Z');
const FACT = { kind: 'cartAbandoned', at: START, amount: '20', currency: 'USD' };
const SPAN = { from: START, to: START + 3_600_000 };

let deps: Awaited<ReturnType<typeof testDeps>>;
let ops: PersonActor;
let admin: PersonActor;
let stranger: PersonActor;

beforeAll(async () => {
  deps = await testDeps();
  const north = await testWorkspace(deps, 'north');
  ops = north.actor('ops');
  admin = north.actor('admin');
  stranger = (await testWorkspace(deps, 'south')).actor('ops');
  const data = Array.from({ length: 12 }, (_, index) => ({
    workspaceId: ops.workspaceId,
    shardId: 1,
    partition: index % 2,
    position: `${START + index}-0/0`,
    customer: `customer-${index}@shop.test`,
    messageId: `m${index}`,
    name: index % 3 === 0 ? 'Order Completed' : 'Product Viewed',
    eventAt: new Date(START - index * 10 * MINUTE),
    // Two at a time at one instant: the order must be total.
    loggedAt: new Date(START + Math.floor(index / 2) * MINUTE),
    latenessMs: BigInt((11 + index * 10) * MINUTE),
    published: { facts: index === 3 ? [FACT] : [] },
    corrected: { facts: index === 3 ? [{ ...FACT, kind: 'cartConverted' }] : [] },
  }));
  await withWorkspace(deps.db, ops.workspaceId, (tx) => tx.lateEvent.createMany({ data }));
});

const page = (more: object = {}, person = ops) =>
  latePage(deps, person, lateFilter.parse({ ...SPAN, ...more }));
const ids = (found: Awaited<ReturnType<typeof page>>) => found.items.map(({ messageId }) => messageId);

describe('late events', () => {
  it('come page by page, latest first, each once', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const found = await page({ limit: 5, cursor });
      expect(found.items.length).toBeLessThanOrEqual(5);
      seen.push(...ids(found));
      cursor = found.cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
    expect(seen.slice(0, 2).sort()).toEqual(['m10', 'm11']);
  });

  it('show what was published beside what would have been', async () => {
    const found = await page({ changed: true });
    expect(found.items).toMatchObject([
      { messageId: 'm3', latenessMs: 41 * MINUTE, published: [FACT], corrected: [{ kind: 'cartConverted' }] },
    ]);
  });

  it('are filtered by name, by key, by lateness and by range', async () => {
    expect(ids(await page({ name: 'order' })).sort()).toEqual(['m0', 'm3', 'm6', 'm9']);
    expect(ids(await page({ key: 'm7' }))).toEqual(['m7']);
    expect(ids(await page({ key: 'customer-2@shop.test' }))).toEqual(['m2']);
    expect(ids(await page({ minLatenessMs: 111 * MINUTE })).sort()).toEqual(['m10', 'm11']);
    expect(ids(await page({ to: START + MINUTE })).sort()).toEqual(['m0', 'm1']);
  });

  it('mask the customer; the key is given to those who may open customers', async () => {
    const [masked] = (await page({ key: 'm1' })).items;
    expect(JSON.stringify(masked)).not.toContain('shop.test');
    expect(masked?.customer.key).toBeNull();
    const [whole] = (await page({ key: 'm1' }, admin)).items;
    expect(whole?.customer.key).toBe('customer-1@shop.test');
    expect(whole?.customer.label).not.toContain('shop.test');
  });

  it('are counted by how late they were', async () => {
    const summary = await lateSummary(deps, ops.workspaceId, lateFilter.parse(SPAN));
    expect(summary).toMatchObject({
      allowedMs: 10 * MINUTE,
      total: 12,
      changed: 1,
      medianMs: 66 * MINUTE,
      greatestMs: 121 * MINUTE,
    });
    // 11 m; 21 m; 31–51 m; 61–111 m; 121 m
    expect(summary.histogram).toEqual([0, 0, 0, 0, 1, 1, 3, 6, 1, 0, 0, 0, 0]);
  });

  it('belong to their workspace', async () => {
    expect((await page({}, stranger)).items).toEqual([]);
    const summary = await lateSummary(deps, stranger.workspaceId, lateFilter.parse(SPAN));
    expect(summary).toMatchObject({ total: 0, medianMs: null });
  });

  it('take no cursor that is not theirs', async () => {
    for (const cursor of ["1|1|1|x' OR 1=1", '999999999999999|1|1|1-0/0', '-99999999999999|1|1|1-0/0']) {
      await expect(page({ cursor })).rejects.toMatchObject({ code: 'bad_request' });
    }
  });
});
