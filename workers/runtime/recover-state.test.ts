import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { RedisEventLog } from '@/server/event-log';
import { recoverState } from '@/server/history';
import { workspaceDigest } from '@/server/history/digest.service';
import { folderStore } from '@/server/history/snapshots/folder-store.connector';
import { snapshotCodec } from '@/server/history/snapshots/snapshot-codec.connector';
import type { SnapshotKeeping } from '@/server/history/snapshots/snapshot-settings.connector';
import { takeSnapshot } from '@/server/history/snapshots/take-snapshots.job';
import { type Totals, totals } from '@/server/history/totals.service';
import type { Deps } from '@/server/platform/deps';
import { freePort } from '@/server/platform/embedded/ports';
import { withWorkspace } from '@/server/platform/postgres';
import { createRedis } from '@/server/platform/redis';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { longCart, sendTraffic, traffic } from './traffic-fixture';
import { TestWorker, type WorkerGroup } from './worker-fixture';

const PARTITIONS = 8;
const IDLE_MS = 400;
const EVENTS = 3_000;
/** Cart events of one customer. */
const LONG = 500;
const WORKSPACE = 'ws_lost';

let database: TestDatabase;
let redis: TestRedis;
let deps: Deps;
let log: RedisEventLog;
let shard: { shardId: number; partitions: number };
const root = mkdtempSync(join(tmpdir(), 'millrace-recovery-'));
const workers: TestWorker[] = [];
const keeping: SnapshotKeeping = {
  store: folderStore(root),
  codec: snapshotCodec(createSecretKey(randomBytes(32))),
  intervalMs: 60_000,
  keep: 2,
};

beforeAll(async () => {
  vi.stubEnv('IDLE_MS', String(IDLE_MS));
  database = await testDatabase();
  redis = await testRedis();
  deps = {
    db: database.prisma,
    logRedis: createRedis(redis.url, { name: 'test' }),
    queueRedis: createRedis(redis.queueUrl, { name: 'test' }),
    now: Date.now,
    newId: (prefix) => `${prefix}_1`,
  };
  const { logRedis, queueRedis, now } = deps;
  const dedup = { dedupMs: 1e9, dedupMaxBytes: 1e9 };
  log = new RedisEventLog({ redis: logRedis, queueRedis, now, ...dedup, idScope: 'shard' });
  await deps.db.workspace.create({ data: { id: WORKSPACE, name: WORKSPACE, slug: 'lost' } });
  const made = { workspaceId: WORKSPACE, region: 'test', partitions: PARTITIONS };
  shard = { shardId: (await deps.db.shard.create({ data: made })).id, partitions: PARTITIONS };
});

afterAll(async () => {
  await stopWorkers();
  deps?.logRedis.disconnect();
  deps?.queueRedis.disconnect();
  rmSync(root, { recursive: true, force: true });
  vi.unstubAllEnvs();
});

async function startWorkers(): Promise<void> {
  for (const group of ['main', 'archive'] satisfies WorkerGroup[]) {
    const stores = { database, redis, metricsPort: await freePort(), idleMs: IDLE_MS };
    const worker = new TestWorker(group, stores);
    workers.push(worker);
    await worker.start();
  }
}

async function stopWorkers(): Promise<void> {
  for (const worker of workers.splice(0)) await worker.kill();
}

async function finalTotals(events: number): Promise<Totals> {
  let last: Totals | undefined;
  await until(
    async () => {
      last = await totals(deps, WORKSPACE, { from: null, to: null });
      return !last.provisional && last.events === events;
    },
    { timeoutMs: 60_000, everyMs: 200, what: 'final totals' },
  );
  return last as Totals;
}

/** Ends everything without warning and empties the log's Redis, as a lost disk does. */
async function loseRedis(): Promise<void> {
  await stopWorkers();
  await deps.logRedis.flushdb();
}

function recover() {
  return recoverState(deps, { dedupMs: 1e12, idScope: 'shard', say: () => undefined, keeping });
}

async function snapshotAll(): Promise<void> {
  for (let partition = 0; partition < PARTITIONS; partition += 1)
    await takeSnapshot(deps, keeping, { workspaceId: WORKSPACE, shardId: shard.shardId, partition });
}

describe('a log Redis that was lost', () => {
  const events = [...traffic(EVENTS - LONG), ...longCart(LONG)];
  let whole: Totals;
  let digest: Awaited<ReturnType<typeof workspaceDigest>>;

  it('is rebuilt from snapshots taken under load and from what history holds after them', {
    timeout: 180_000,
  }, async () => {
    await startWorkers();
    await sendTraffic(log, shard, events.slice(0, 2_000), async (sent) => {
      // Partitions are caught at different moments, some while records travel between them.
      const partition = (sent / 50) % PARTITIONS;
      if (sent > 600)
        await takeSnapshot(deps, keeping, { workspaceId: WORKSPACE, shardId: shard.shardId, partition });
    });
    await sendTraffic(log, shard, events.slice(2_000));
    whole = await finalTotals(EVENTS);
    digest = await workspaceDigest(deps, WORKSPACE);
    const parts = await deps.logRedis.hlen(
      `{${shard.shardId}.${partitionOf('collector', PARTITIONS)}}:parts`,
    );
    expect(parts).toBeGreaterThan(0);
    await loseRedis();

    const report = await recover();
    expect(report).toMatchObject({ partitions: PARTITIONS, fromSnapshot: PARTITIONS, ids: EVENTS });
    expect(report.records).toBeGreaterThan(500);
    expect(await workspaceDigest(deps, WORKSPACE)).toEqual(digest);
    await startWorkers();
    expect(await finalTotals(EVENTS)).toEqual(whole);
  });

  it('knows what it had taken: the same events again change nothing, new ones do', {
    timeout: 120_000,
  }, async () => {
    await sendTraffic(log, shard, events.slice(0, 500));
    const again = await finalTotals(EVENTS);
    expect(again).toEqual({ ...whole, duplicates: 500 });
    expect((await workspaceDigest(deps, WORKSPACE)).digest).toBe(digest.digest);
    const later = traffic(EVENTS + 200).slice(EVENTS);
    await sendTraffic(log, shard, later);
    whole = await finalTotals(EVENTS + 200);
    digest = await workspaceDigest(deps, WORKSPACE);
  });

  it('publishes what had not reached history, once', { timeout: 120_000 }, async () => {
    await snapshotAll();
    const more = traffic(EVENTS + 600).slice(EVENTS + 200);
    await sendTraffic(log, shard, more);
    whole = await finalTotals(EVENTS + 600);
    digest = await workspaceDigest(deps, WORKSPACE);
    const lostFacts = await withWorkspace(
      deps.db,
      WORKSPACE,
      (tx) =>
        tx.$executeRaw`DELETE FROM history_facts WHERE position IN (
        SELECT position FROM history_facts WHERE at >= (SELECT max(at) - interval '30 minutes' FROM history_facts)
        ORDER BY position DESC LIMIT 40)`,
    );
    expect(lostFacts).toBeGreaterThan(10);
    await loseRedis();
    const report = await recover();
    // Some of what was removed had been taken back by what was removed too.
    expect(report.outputs).toBeGreaterThan(10);
    await startWorkers();
    expect(await finalTotals(EVENTS + 600)).toEqual(whole);
    expect((await workspaceDigest(deps, WORKSPACE)).digest).toBe(digest.digest);
  });

  it('passes over a snapshot that was cut off', { timeout: 120_000 }, async () => {
    await snapshotAll();
    const folder = join(root, String(shard.shardId), '3');
    const newest = readdirSync(folder).sort().at(-1) ?? '';
    writeFileSync(join(folder, newest), readFileSync(join(folder, newest)).subarray(0, 200));
    await loseRedis();
    await recover();
    expect((await workspaceDigest(deps, WORKSPACE)).digest).toBe(digest.digest);
  });

  it('is rebuilt from history alone when there is no snapshot', { timeout: 120_000 }, async () => {
    rmSync(root, { recursive: true, force: true });
    await loseRedis();
    const report = await recover();
    expect(report).toMatchObject({ partitions: PARTITIONS, fromSnapshot: 0 });
    expect((await workspaceDigest(deps, WORKSPACE)).digest).toBe(digest.digest);
    await startWorkers();
    expect(await finalTotals(EVENTS + 600)).toEqual(whole);
  });

  it('is left alone where it knows its partitions, and put back again where a recovery died', {
    timeout: 60_000,
  }, async () => {
    await stopWorkers();
    expect((await recover()).partitions).toBe(0);
    await deps.logRedis.sadd('recovering', `${shard.shardId}.2`, `${shard.shardId}.5`);
    await deps.logRedis.del(`{${shard.shardId}.2}:state`);
    expect((await recover()).partitions).toBe(2);
    expect((await workspaceDigest(deps, WORKSPACE)).digest).toBe(digest.digest);
  });
});
