import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '@/server/core/fault';
import type { LagReading } from '@/server/observability';
import { writeSamples } from '@/server/observability/samples-fixture';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { AlertEvaluator } from './alert-evaluator.job';
import { listFirings } from './firing.repository';
import { listThresholds } from './threshold.repository';
import type { AlertMessage } from './threshold.schema';
import {
  acknowledge,
  changeThreshold,
  createThreshold,
  previewOverHistory,
  removeThreshold,
} from './threshold.service';
import { LAG } from './threshold-fixture';

const WORKSPACE = 'ws_alerts';
const OTHER = 'ws_other';
const OPS = { workspaceId: WORKSPACE, userId: 'usr_ops' };

let deps: Deps;
let shardId: number;
let lagSeconds: number | null;
const clock = { now: Date.parse('2026-11-23T10:00:00Z') };

beforeAll(async () => {
  const database = await testDatabase();
  const redis = await testRedis();
  const [logRedis, queueRedis] = [new Redis(redis.url), new Redis(redis.queueUrl)];
  afterAll(() => {
    logRedis.disconnect();
    queueRedis.disconnect();
  });
  let made = 0;
  const newId = (prefix: string) => {
    made += 1;
    return `${prefix}_${made}`;
  };
  deps = { db: database.prisma, logRedis, queueRedis, now: () => clock.now, newId };
  for (const id of [WORKSPACE, OTHER]) await deps.db.workspace.create({ data: { id, name: id, slug: id } });
  const shard = await withWorkspace(deps.db, WORKSPACE, (tx) =>
    tx.shard.create({ data: { workspaceId: WORKSPACE, region: 'eu', partitions: 4 } }),
  );
  shardId = shard.id;
  await deps.db.user.create({ data: { id: OPS.userId, email: 'ops@example.test', name: 'Omar' } });
});

function evaluator(): AlertEvaluator {
  return new AlertEvaluator(deps, {
    lagOf: async (): Promise<LagReading[]> => [
      { shardId, group: 'main', partition: 0, lagSeconds, backlog: 1, owner: 'worker' },
    ],
    keepSamples: (samples) =>
      Promise.all(
        samples.map(({ workspaceId, at, readings }) => writeSamples(deps, workspaceId, at, readings)),
      ),
    onError: (error) => {
      throw error;
    },
  });
}

/** Judges once a second for so many seconds of the injected clock. */
async function judgeFor(judge: AlertEvaluator, seconds: number, lag: number | null): Promise<void> {
  lagSeconds = lag;
  for (let second = 0; second < seconds; second += 1) {
    clock.now += 1_000;
    await judge.tick();
  }
}

const firings = () => listFirings(deps, WORKSPACE, { from: 0, to: clock.now + 1, limit: 50 });
const auditActions = () =>
  withWorkspace(deps.db, WORKSPACE, async (tx) => {
    const entries = await tx.auditEntry.findMany({
      where: { workspaceId: WORKSPACE },
      orderBy: { seq: 'asc' },
    });
    return entries.map((entry) => entry.action);
  });

describe('thresholds', () => {
  it('keeps versions, refuses a change made from an old one, and audits each', async () => {
    const { id } = await createThreshold(deps, OPS, LAG);
    await changeThreshold(deps, OPS, { id, version: 1, form: { ...LAG, value: 7 } });
    const stale = changeThreshold(deps, OPS, { id, version: 1, form: { ...LAG, value: 9 } });
    await expect(stale).rejects.toMatchObject({ code: 'conflict' } satisfies Partial<Fault>);
    expect(await listThresholds(deps, WORKSPACE)).toMatchObject([
      { id, version: 2, value: 7, updatedBy: 'Omar' },
    ]);
    await removeThreshold(deps, OPS, id);
    await expect(removeThreshold(deps, OPS, id)).rejects.toMatchObject({ code: 'not_found' });
    expect(await auditActions()).toEqual(['threshold.created', 'threshold.changed', 'threshold.removed']);
  });

  it('shows and changes nothing across workspaces', async () => {
    const { id } = await createThreshold(deps, OPS, LAG);
    const stranger = { workspaceId: OTHER, userId: OPS.userId };
    expect(await listThresholds(deps, OTHER)).toEqual([]);
    await expect(removeThreshold(deps, stranger, id)).rejects.toMatchObject({ code: 'not_found' });
    await expect(changeThreshold(deps, stranger, { id, version: 1, form: LAG })).rejects.toMatchObject({
      code: 'not_found',
    });
    await removeThreshold(deps, OPS, id);
  });

  it('fires, tells the screens, is acknowledged once, survives a restart and ends', async () => {
    const told: AlertMessage[] = [];
    const listener = deps.queueRedis.duplicate();
    await listener.subscribe(`alerts:${WORKSPACE}`);
    listener.on('message', (_channel, text) => told.push(JSON.parse(text)));
    const { id } = await createThreshold(deps, OPS, LAG);

    const first = evaluator();
    await judgeFor(first, 5, 1);
    expect(await firings()).toEqual([]);
    await judgeFor(first, 3, 8);
    expect(await firings()).toMatchObject([
      { thresholdId: id, value: 8, endedAt: null, acknowledgedBy: null },
    ]);
    await until(() => told.some((message) => message.kind === 'fired'));

    const [fired] = await firings();
    expect(await acknowledge(deps, OPS, fired?.id ?? '')).toMatchObject({ acknowledgedBy: 'Omar' });
    await acknowledge(deps, OPS, fired?.id ?? '');
    expect((await auditActions()).filter((action) => action === 'alert.acknowledged')).toHaveLength(1);

    await first.close();
    const second = evaluator();
    await judgeFor(second, 5, 8);
    expect(await firings()).toHaveLength(1);
    await judgeFor(second, 30, null);
    expect((await firings())[0]?.endedAt).toBeNull();
    await judgeFor(second, 8, 1);
    expect((await firings())[0]?.endedAt).not.toBeNull();
    await until(() => told.some((message) => message.kind === 'ended'));
    await second.close();
    listener.disconnect();
    await removeThreshold(deps, OPS, id);
  });

  it('ends what fires of a threshold that is switched off', async () => {
    const { id } = await createThreshold(deps, OPS, LAG);
    const judge = evaluator();
    await judgeFor(judge, 4, 9);
    expect((await firings()).filter((firing) => firing.endedAt === null)).toHaveLength(1);
    await changeThreshold(deps, OPS, { id, version: 1, form: { ...LAG, enabled: false } });
    await judgeFor(judge, 1, 9);
    expect((await firings()).filter((firing) => firing.endedAt === null)).toHaveLength(0);
    await judge.close();
    await removeThreshold(deps, OPS, id);
  });

  it('lets one process judge at a time', async () => {
    await createThreshold(deps, OPS, LAG);
    const [one, two] = [evaluator(), evaluator()];
    lagSeconds = 9;
    for (let second = 0; second < 6; second += 1) {
      clock.now += 1_000;
      await Promise.all([one.tick(), two.tick()]);
    }
    expect((await firings()).filter((firing) => firing.endedAt === null)).toHaveLength(1);
    await one.close();
    await two.close();
  });

  it('previews a draft over the kept samples', async () => {
    const from = Math.ceil((clock.now + 60_000) / 10_000) * 10_000;
    const values = [1, 1, 9, 12, 9, 1, 1, 1, 1];
    for (const [index, value] of values.entries()) {
      const reading = { metric: 'errorsPerMinute', dimension: '', value, at: null, reason: null } as const;
      await writeSamples(deps, WORKSPACE, from + index * 10_000, [reading]);
    }
    const condition = { ...LAG, metric: 'errorsPerMinute', holdSeconds: 10 } as const;
    const { metric, dimension, comparison, value, holdSeconds } = condition;
    const preview = await previewOverHistory(deps, WORKSPACE, {
      condition: { metric, dimension, comparison, value, holdSeconds },
      from,
      to: from + 90_000,
    });
    expect(preview.samples).toBe(9);
    expect(preview.firings).toEqual([{ from: from + 30_000, to: from + 60_000, worst: 12 }]);
  });
});
