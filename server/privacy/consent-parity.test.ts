import { expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { withWorkspace } from '@/server/platform/postgres';
import { consentKey, flagsOf } from './consent-flags.connector';
import { consentParity } from './consent-parity.service';
import { placesOf } from './linked-keys.service';
import { changeConsent } from './opt-out.service';
import { privacyFixture, WORKSPACE } from './privacy-fixture';

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

it('carries out every wish that waits but the one that cannot be', async () => {
  const { deps, shardIds, clock } = await privacyFixture();
  const shard = { id: shardIds[0] ?? 0, partitions: 8 };
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
