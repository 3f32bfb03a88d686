import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { consentsOf, optOutsOf } from './consent.repository';
import { consentKey, flagsOf } from './consent-flags.connector';
import { consentParity } from './consent-parity.service';
import { linkedKeysOf, placesOf } from './linked-keys.service';
import { changeConsent } from './opt-out.service';
import { consentActs, type PrivacyFixture, privacyFixture, WORKSPACE } from './privacy-fixture';

let fixture: PrivacyFixture;
let consent: ReturnType<typeof consentActs>;
beforeAll(async () => {
  fixture = await privacyFixture();
  consent = consentActs(fixture);
});
beforeEach(async () => {
  await fixture.deps.logRedis.flushall();
});

describe('parity of record and store', () => {
  it('mends lost flags, adopts carried ones and carries out what was left', async () => {
    await consent.change('lost');
    await fixture.deps.logRedis.flushall();
    const [place] = placesOf(consent.shards, ['linked']);
    if (!place) throw new Error('no place');
    await fixture.deps.logRedis.hset(
      consentKey(place.shardId, place.partition),
      'linked',
      '{"denied":["profiling"],"v":1}',
    );
    const [report] = await consentParity(fixture.deps);
    expect(report?.mended).toBeGreaterThan(0);
    expect(report?.adopted).toBe(1);
    expect(await consent.deniedInStore('lost')).toEqual([['profiling'], ['profiling']]);
    expect((await consentsOf(fixture.deps, WORKSPACE, ['linked']))[0]?.denied).toEqual(['profiling']);
    expect((await consentParity(fixture.deps))[0]).toMatchObject({ mended: 0, adopted: 0 });
  });

  it('takes denials from the store, never a permission: that only a wish gives', async () => {
    await consent.change('planted', false, 'marketing');
    for (const [at, place] of placesOf(consent.shards, ['planted']).entries()) {
      const flags = JSON.stringify({ denied: at === 0 ? [] : ['profiling'], v: 90 + at });
      await fixture.deps.logRedis.hset(consentKey(place.shardId, place.partition), 'planted', flags);
    }
    const [report] = await consentParity(fixture.deps);
    expect(report?.mended).toBeGreaterThan(0);
    const [row] = await consentsOf(fixture.deps, WORKSPACE, ['planted']);
    expect(row?.denied.toSorted()).toEqual(['marketing', 'profiling']);
    for (const denied of await consent.deniedInStore('planted')) {
      expect(denied?.toSorted()).toEqual(['marketing', 'profiling']);
    }
    expect((await consentParity(fixture.deps))[0]).toMatchObject({ mended: 0, adopted: 0 });
  });

  it('writes over flags that cannot be read', async () => {
    await consent.change('garbled', false, 'marketing');
    for (const [at, place] of placesOf(consent.shards, ['garbled']).entries()) {
      const key = consentKey(place.shardId, place.partition);
      await fixture.deps.logRedis.hset(key, 'garbled', ['{"denied":', '7'][at] ?? '');
    }
    await consentParity(fixture.deps);
    expect(await consent.deniedInStore('garbled')).toEqual([['marketing'], ['marketing']]);
  });

  it('takes a denial over to a key that was linked after it', async () => {
    await consent.change('linked-later', false, 'marketing');
    await withWorkspace(fixture.deps.db, WORKSPACE, (tx) =>
      tx.identityLink.create({
        data: { workspaceId: WORKSPACE, fromKey: 'linked-later', toKey: 'user-later', linkedAt: new Date(0) },
      }),
    );
    await consentParity(fixture.deps);
    expect(await consent.deniedInStore('user-later')).toEqual([['marketing'], ['marketing']]);
  });

  it('follows a key that customers share to each of them, and back again', async () => {
    await withWorkspace(fixture.deps.db, WORKSPACE, async (tx) => {
      await tx.identityLink.create({
        data: { workspaceId: WORKSPACE, fromKey: 'shared', toKey: 'share-1', linkedAt: new Date(0) },
      });
      await tx.sharedKey.createMany({
        data: ['share-2', 'share-3'].map((customer) => ({
          workspaceId: WORKSPACE,
          key: 'shared',
          customer,
          seenAt: new Date(0),
        })),
      });
    });
    const all = ['shared', 'share-1', 'share-2', 'share-3'];
    for (const key of all)
      expect((await linkedKeysOf(fixture.deps, WORKSPACE, key)).keys.sort()).toEqual([...all].sort());

    // A flag that came along a link, of which no wish tells.
    const [place] = placesOf(consent.shards, ['share-3']);
    if (!place) throw new Error('no place');
    const flags = '{"denied":["profiling"],"v":1}';
    await fixture.deps.logRedis.hset(consentKey(place.shardId, place.partition), 'share-3', flags);
    await consentParity(fixture.deps);
    for (const key of all) expect(await consent.deniedInStore(key)).toEqual([['profiling'], ['profiling']]);

    await consent.change('share-1', true);
    await consentParity(fixture.deps);
    for (const key of all) expect(await consent.deniedInStore(key)).toEqual([[], []]);
  });

  it('acknowledges nothing while the store is away, and carries the wish out afterwards', async () => {
    await fixture.redis.kill();
    await expect(consent.change('waiting')).rejects.toMatchObject({
      code: 'unavailable',
      publicMessage: expect.stringContaining('on record'),
    });
    const [left] = await optOutsOf(fixture.deps, WORKSPACE, ['waiting'], 1);
    expect(left?.acknowledgedAt).toBeNull();
    await fixture.redis.restart();
    await until(async () => (await fixture.deps.logRedis.ping().catch(() => '')) === 'PONG');
    fixture.clock.now += 60_000;
    const [report] = await consentParity(fixture.deps);
    const [row] = await optOutsOf(fixture.deps, WORKSPACE, ['waiting'], 1);
    expect(report?.carriedOut).toBe(1);
    expect(row?.acknowledgedAt).not.toBeNull();
    expect(await consent.deniedInStore('waiting')).toEqual([['profiling'], ['profiling']]);
  });

  it('carries out every wish that waits but the one that cannot be', async () => {
    const { deps, clock } = fixture;
    const [shard] = consent.shards;
    if (!shard) throw new Error('no shard');
    const flagsFor = (customer: string) => consentKey(shard.id, partitionOf(customer, shard.partitions));
    const customers = ['anna', 'carla'];
    expect(new Set(customers.map(flagsFor)).size).toBe(2);
    for (const customer of customers) await deps.logRedis.set(flagsFor(customer), 'torn');
    const actor = { kind: 'person', id: 'user_1' } as const;
    for (const customer of customers) {
      const wish = { workspaceId: WORKSPACE, customer, purpose: 'profiling', optedIn: false, actor } as const;
      await expect(changeConsent(deps, wish)).rejects.toThrow();
      clock.now += 1_000;
    }
    await deps.logRedis.del(flagsFor('carla'));
    clock.now += 60_000;

    await expect(consentParity(deps)).rejects.toThrow();
    const [kept] = await flagsOf(deps.logRedis, placesOf([shard], ['carla']));
    expect(kept?.denied).toEqual(['profiling']);
  });

  it('is brought about in every workspace but the one that fails, and the failure is told', async () => {
    const { deps, shardIds } = await privacyFixture();
    await deps.db.workspace.create({ data: { id: 'ws_after', name: 'After', slug: 'after' } });
    const after = await withWorkspace(deps.db, 'ws_after', (tx) =>
      tx.shard.create({ data: { workspaceId: 'ws_after', region: 'eu', partitions: 1 } }),
    );
    const actor = { kind: 'person', id: 'user_1' } as const;
    const wish = { customer: 'anna', purpose: 'profiling', optedIn: false, actor } as const;
    await changeConsent(deps, { ...wish, workspaceId: 'ws_after' });
    await deps.logRedis.flushall();
    // What is kept under the key of the flags is none: nothing of this workspace can be compared.
    await deps.logRedis.set(consentKey(shardIds[0] ?? 0, 0), 'torn');

    const failure = await consentParity(deps).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AggregateError);
    expect(String(failure)).toContain(`1 of 2 failed: ${WORKSPACE} (The consent store`);
    const [kept] = await flagsOf(deps.logRedis, placesOf([after], ['anna']));
    expect(kept?.denied).toEqual(['profiling']);
  });
});
