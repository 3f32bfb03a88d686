import { Redis } from 'ioredis';
import { afterAll } from 'vitest';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { testDatabase } from '@/server/platform/testing/test-database';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { flagsOf } from './consent-flags.connector';
import { placesOf } from './linked-keys.service';
import { changeConsent } from './opt-out.service';
import type { Purpose } from './purpose.schema';

export const WORKSPACE = 'ws_test';

export interface PrivacyFixture {
  deps: Deps;
  redis: TestRedis;
  ownerUrl: string;
  shardIds: number[];
  /** moves the clock, ms */
  clock: { now: number };
}

/** A workspace with two shards on stores of the test file's own. */
export async function privacyFixture(): Promise<PrivacyFixture> {
  const database = await testDatabase();
  const redis = await testRedis('always');
  const connections = [redis.url, redis.queueUrl].map((url) => {
    const connection = new Redis(url, { maxRetriesPerRequest: 1 });
    connection.on('error', () => undefined);
    return connection;
  });
  const [logRedis, queueRedis] = connections;
  if (!logRedis || !queueRedis) throw new Error('no connections');
  afterAll(() => {
    for (const connection of connections) connection.disconnect();
  });
  const db = database.prisma;
  await db.workspace.create({ data: { id: WORKSPACE, name: 'Test', slug: 'test' } });
  const shards = await withWorkspace(db, WORKSPACE, async (tx) => [
    await tx.shard.create({ data: { workspaceId: WORKSPACE, region: 'eu', partitions: 8 } }),
    await tx.shard.create({ data: { workspaceId: WORKSPACE, region: 'us', partitions: 4 } }),
  ]);
  const clock = { now: Date.parse('2026-11-23T10:00:00Z') };
  let made = 0;
  const newId = (prefix: string): string => {
    made += 1;
    return `${prefix}_${made}`;
  };
  const deps: Deps = { db, logRedis, queueRedis, now: () => clock.now, newId };
  return { deps, redis, ownerUrl: database.urls.owner, shardIds: shards.map(({ id }) => id), clock };
}

/** Wishes in the workspace of a fixture, and what its store holds of them. */
export function consentActs({ deps, shardIds }: PrivacyFixture) {
  const shards = [
    { id: shardIds[0] ?? 0, partitions: 8 },
    { id: shardIds[1] ?? 0, partitions: 4 },
  ];
  const change = (customer: string, optedIn = false, purpose: Purpose = 'profiling') =>
    changeConsent(deps, {
      workspaceId: WORKSPACE,
      customer,
      purpose,
      optedIn,
      actor: { kind: 'person', id: 'user_1' },
    });
  /** What each shard denies; null where it holds no flags. */
  const deniedInStore = async (customer: string): Promise<(string[] | null)[]> => {
    const kept = await flagsOf(deps.logRedis, placesOf(shards, [customer]));
    return kept.map((flags) => flags?.denied ?? null);
  };
  return { shards, change, deniedInStore };
}
