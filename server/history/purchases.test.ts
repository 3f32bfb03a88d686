import { beforeAll, expect, it } from 'vitest';
import type { JsonObject } from '@/server/core/json';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { card, event, run, SETTINGS, START } from '@/server/processors/pump-fixtures';
import { customerPurchases } from './purchases.service';

let deps: Awaited<ReturnType<typeof testDeps>>;
let person: { workspaceId: string; userId: string; name: string };

const EVENTS = [
  event('Order Completed', 0, { total: 10.1 }, { c: 'anon' }),
  event('Order Completed', 5, { revenue: '20.20', currency: 'eur' }),
  event('Order Refunded', 6, { total: 0.3 }),
  event('Product Viewed', 7, { price: 99 }),
  event('Order Completed', 8, { total: 7, currency: 'JPY' }),
];

beforeAll(async () => {
  deps = await testDeps();
  const { workspaceId } = await testWorkspace(deps, 'north');
  await deps.db.workspace.update({ where: { id: workspaceId }, data: { currency: SETTINGS.currency } });
  person = { workspaceId, userId: 'u_agent', name: 'Ada' };
  const shardId = (await shardsOf(deps, workspaceId))[0]?.shardId ?? 0;
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.identityLink.create({
      data: { workspaceId, fromKey: 'anon', toKey: 'u', linkedAt: new Date(START) },
    });
    await tx.historyEvent.createMany({
      data: EVENTS.map(({ id, c, t, n, p, y }) => ({
        workspaceId,
        shardId,
        partition: 1,
        position: `${t}-0/${id}`,
        loggedAt: new Date(t),
        eventAt: new Date(t),
        customer: c,
        messageId: id,
        sourceId: 's',
        kind: y,
        name: n,
        platform: 'web',
        properties: p as JsonObject,
      })),
    });
  });
});

it('lists the events that the numbers of the card add up from, over linked keys', async () => {
  const { events, more, ...sums } = await customerPurchases(deps, person, 'u');
  expect(events.map(({ kind, amount, currency }) => [kind, amount, currency])).toEqual([
    ['order', '7', 'JPY'],
    ['refund', '-0.3', 'EUR'],
    ['order', '20.2', 'EUR'],
    ['order', '10.1', 'EUR'],
  ]);
  expect(more).toBe(false);
  const { rfm } = card(run(EVENTS.map((each) => ({ ...each, c: 'u' }))));
  expect(sums).toEqual({ orders: rfm.orders, lastOrderAt: rfm.lastOrderAt, monetary: rfm.monetary });
});
