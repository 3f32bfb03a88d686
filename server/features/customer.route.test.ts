import { beforeAll, describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { type KeyActor, shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import { withWorkspace } from '@/server/platform/postgres';
import { createProcessor, lexiconSentiment, NO_RULES } from '@/server/processors';
import { emptyState } from '@/server/processors/customer-state';
import { add, event, pumpOf, run, SETTINGS } from '@/server/processors/pump-fixtures';
import { partField, partitionKeys } from '@/server/scaling';
import { customerRoute } from './customer.route';

let deps: Awaited<ReturnType<typeof testDeps>>;
let workspaceId: string;

beforeAll(async () => {
  deps = await testDeps();
  workspaceId = (await testWorkspace(deps, 'north')).workspaceId;
  const [shard] = await shardsOf(deps, workspaceId);
  if (!shard) throw new Error('no shard');
  for (const customer of ['anna', 'ben']) {
    const tag = `{${shard.shardId}.${partitionOf(customer, shard.partitions)}}`;
    await deps.logRedis.hset(`${tag}:consent`, customer, JSON.stringify({ denied: [], v: 1 }));
    await deps.logRedis.hset(`${tag}:state`, customer, JSON.stringify(emptyState()));
  }
});

function read(keyId: string, key: string): Promise<Response> {
  const actor: KeyActor = { kind: 'key', keyId, workspaceId, scopes: ['customers:read'] };
  const request = new Request(`http://console.test/api/v1/customers/${key}`);
  return customerRoute.run({ actor, deps, request, params: { key }, bodyText: '' });
}

function reads(): Promise<{ actorKind: string; actorId: string; subject: string | null }[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.auditEntry.findMany({
      where: { action: 'customer.viewed' },
      orderBy: { seq: 'asc' },
      select: { actorKind: true, actorId: true, subject: true },
    }),
  );
}

describe('a card read by a program', () => {
  it('is on record once per key, customer and ten minutes', async () => {
    const entry = (actorId: string, subject: string) => ({ actorKind: 'key', actorId, subject });
    expect((await read('key_1', 'anna')).status).toBe(200);
    await Promise.all([read('key_1', 'anna'), read('key_1', 'anna')]);
    expect(await reads()).toEqual([entry('key_1', 'anna')]);
    await read('key_1', 'ben');
    await read('key_2', 'anna');
    const three = [entry('key_1', 'anna'), entry('key_1', 'ben'), entry('key_2', 'anna')];
    expect(await reads()).toEqual(three);
    const left = await deps.queueRedis.pttl(`cardRead:${workspaceId}:key_1:anna`);
    expect(left).toBeGreaterThan(9 * MINUTE_MS);
    expect(left).toBeLessThanOrEqual(10 * MINUTE_MS);
    await expect(read('key_1', 'nobody')).rejects.toMatchObject({ code: 'not_found' });
    expect(await reads()).toEqual(three);
  });

  it('knows no time of a customer without events: null, never 1970', async () => {
    const card = await (await read('key_3', 'anna')).json();
    expect(card).toMatchObject({
      firstSeenAt: null,
      lastSeenAt: null,
      freshness: { newestEventAt: null, ageMs: null },
    });
  });

  it('counts all carts of a busy customer, of whose state a part is kept beside it', async () => {
    const carts = 40;
    const events = Array.from({ length: carts }, (_, at) => [
      add(at / 4, {}, { c: 'busy' }),
      event('Order Completed', at / 4 + 0.1, { total: 5 }, { c: 'busy' }),
    ]);
    const state = run(events.flat(), pumpOf()).state('busy') ?? {};
    const processor = createProcessor({
      settings: SETTINGS,
      ruleSet: NO_RULES,
      sentiment: lexiconSentiment,
      workspaceId,
    });
    const parts = processor.sealParts(state);
    expect(parts.length).toBeGreaterThan(1);
    const [shard] = await shardsOf(deps, workspaceId);
    const keys = partitionKeys(shard?.shardId ?? 0, partitionOf('busy', shard?.partitions ?? 1));
    await deps.logRedis.hset(keys.state, 'busy', JSON.stringify(state));
    for (const { number, text } of parts)
      await deps.logRedis.hset(keys.parts, partField('busy', number), text);

    const card = await (await read('key_4', 'busy')).json();
    expect(card.carts).toMatchObject({ opened: carts, converted: carts });
    expect(card.cartOutcomes).toHaveLength(10);
  });
});
