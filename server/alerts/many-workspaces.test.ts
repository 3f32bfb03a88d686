import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partitionsKey } from '@/server/event-log';
import { type ShardDescription, shardsOf } from '@/server/identity';
import { type LagReading, readSamples, writeSamplesOfMany } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { createPrisma, withWorkspace, workspacesWith } from '@/server/platform/postgres';
import { testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import { AlertEvaluator } from './alert-evaluator.job';
import { listFirings } from './firing.repository';
import { changeThreshold, createThreshold } from './threshold.service';
import { LAG } from './threshold-fixture';

const COUNT = 40;
const WORKSPACES = Array.from({ length: COUNT }, (_, index) => `ws_many_${String(index).padStart(2, '0')}`);
const [FIRST, BROKEN, QUIET] = [WORKSPACES[0], WORKSPACES[7], WORKSPACES[33]] as [string, string, string];

let deps: Deps;
let bulk: Deps['db'];
let judge: AlertEvaluator;
let statements: number;
let failed: (string | null)[];
const behind = new Set<string>();
const clock = { now: Date.parse('2026-11-23T10:00:00Z') };

beforeAll(async () => {
  const database = await testDatabase();
  const redis = await testRedis();
  const [logRedis, queueRedis] = [new Redis(redis.url), new Redis(redis.queueUrl)];
  bulk = createPrisma(database.urls.bulk, { applicationName: 'test-bulk', maxConnections: 1 });
  afterAll(async () => {
    logRedis.disconnect();
    queueRedis.disconnect();
    await bulk.$disconnect();
  });
  let made = 0;
  const newId = (prefix: string) => {
    made += 1;
    return `${prefix}_${made}`;
  };
  deps = { db: database.prisma, logRedis, queueRedis, now: () => clock.now, newId };
  await deps.db.workspace.createMany({ data: WORKSPACES.map((id) => ({ id, name: id, slug: id })) });
  await deps.db.shard.createMany({
    data: WORKSPACES.map((workspaceId) => ({ workspaceId, region: 'eu', partitions: 1 })),
  });
  await deps.db.user.create({ data: { id: 'usr_many', email: 'many@example.test', name: 'Mia' } });
});

beforeEach(async () => {
  await judge?.close();
  failed = [];
  statements = 0;
  judge = new AlertEvaluator(deps, {
    lagOf,
    keepSamples: async (samples) => {
      statements += 1;
      await writeSamplesOfMany(bulk, samples);
    },
    onError: (_error, workspaceId) => failed.push(workspaceId),
  });
});

async function lagOf({ workspaceId, shardId }: ShardDescription): Promise<LagReading[]> {
  const lagSeconds = behind.has(workspaceId) ? 9 : 0;
  return [{ shardId, group: 'main', partition: 0, lagSeconds, backlog: 1, owner: 'worker' }];
}

async function judgeFor(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    clock.now += 1_000;
    await judge.tick();
  }
}

const personOf = (workspaceId: string) => ({ workspaceId, userId: 'usr_many' });
const firingsOf = (workspaceId: string) =>
  listFirings(deps, workspaceId, { from: 0, to: clock.now + 1, limit: 50 });
const samplesOf = (workspaceId: string) =>
  readSamples(deps, workspaceId, {
    metrics: ['lagSeconds'],
    dimension: '',
    from: 0,
    to: clock.now + 60_000,
    stepMs: 10_000,
  });

describe('judging many workspaces', () => {
  it('keeps samples of every workspace, each its own, with a statement a second', async () => {
    behind.add(QUIET);
    await judgeFor(12);
    expect(failed).toEqual([]);
    expect(statements).toBe(12);
    for (const workspaceId of WORKSPACES) {
      const values = (await samplesOf(workspaceId)).map(({ value }) => value);
      expect(values.length).toBeGreaterThan(0);
      expect(new Set(values)).toEqual(new Set([workspaceId === QUIET ? 9 : 0]));
    }
    behind.clear();
  });

  it('fires in a workspace without any event as soon as the threshold says, and in no other', async () => {
    await judgeFor(11);
    const { id } = await createThreshold(deps, personOf(QUIET), LAG);
    behind.add(QUIET).add(FIRST);
    await judgeFor(3);
    expect(await firingsOf(QUIET)).toMatchObject([{ thresholdId: id, value: 9, endedAt: null }]);
    expect(await firingsOf(FIRST)).toEqual([]);
  });

  it('knows after a start what still fires of a threshold that was switched off meanwhile, and ends it', async () => {
    const [firing] = await firingsOf(QUIET);
    const form = { ...LAG, enabled: false };
    await changeThreshold(deps, personOf(QUIET), { id: firing?.thresholdId ?? '', version: 1, form });
    await judgeFor(1);
    expect((await firingsOf(QUIET))[0]?.endedAt).not.toBeNull();
  });

  it('judges all others where one cannot be', async () => {
    const last = WORKSPACES.at(-1) as string;
    await createThreshold(deps, personOf(BROKEN), LAG);
    await createThreshold(deps, personOf(last), LAG);
    behind.add(BROKEN).add(last);
    const shardId = (await shardsOf(deps, BROKEN))[0]?.shardId ?? 0;
    await deps.logRedis.set(partitionsKey(shardId), 'no set');
    await judgeFor(3);
    await deps.logRedis.del(partitionsKey(shardId));
    expect(new Set(failed)).toEqual(new Set([BROKEN]));
    expect(await firingsOf(last)).toMatchObject([{ endedAt: null }]);
    expect(await firingsOf(BROKEN)).toEqual([]);
  });

  it('asks of each workspace for its own rows only, and leaves none set', async () => {
    const probe = 'SELECT FROM thresholds WHERE workspace_id = $1';
    expect(await workspacesWith(deps.db, [FIRST, QUIET], probe)).toEqual(new Set([QUIET]));
    // A probe that forgets the workspace still sees the rows of no other.
    expect(await workspacesWith(deps.db, [FIRST, QUIET], 'SELECT FROM thresholds')).toEqual(new Set([QUIET]));
    expect(await deps.db.threshold.count()).toBe(0);
    await withWorkspace(deps.db, QUIET, async (tx) => {
      await tx.$queryRaw`SELECT id FROM workspaces_with(${[FIRST]}::text[], ${probe}) AS found(id)`;
      expect(await tx.threshold.count()).toBe(1);
    });
  });
});
