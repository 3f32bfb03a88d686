import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { RedisEventLog } from '@/server/event-log';
import { workspaceDigest } from '@/server/history/digest.service';
import { messageHistory } from '@/server/history/message.service';
import { type Totals, totals } from '@/server/history/totals.service';
import type { Deps } from '@/server/platform/deps';
import { freePort } from '@/server/platform/embedded/ports';
import { createRedis } from '@/server/platform/redis';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { randomFrom, sendTraffic, traffic } from './traffic-fixture';
import { TestWorker, type WorkerGroup } from './worker-fixture';

const PARTITIONS = 8;
const IDLE_MS = 400;
const EVENTS = 3_000;

let database: TestDatabase;
let redis: TestRedis;
let deps: Deps;
let log: RedisEventLog;
const workers: TestWorker[] = [];

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
  log = new RedisEventLog({
    redis: logRedis,
    queueRedis,
    now,
    dedupMs: 1e9,
    dedupMaxBytes: 1e9,
    idScope: 'shard',
  });
});

afterAll(async () => {
  for (const worker of workers) await worker.kill();
  deps?.logRedis.disconnect();
  deps?.queueRedis.disconnect();
  vi.unstubAllEnvs();
});

async function makeShard(workspaceId: string): Promise<number> {
  await deps.db.workspace.create({ data: { id: workspaceId, name: workspaceId, slug: workspaceId } });
  const shard = await deps.db.shard.create({ data: { workspaceId, region: 'test', partitions: PARTITIONS } });
  return shard.id;
}

async function startWorker(group: WorkerGroup): Promise<TestWorker> {
  const worker = new TestWorker(group, { database, redis, metricsPort: await freePort(), idleMs: IDLE_MS });
  workers.push(worker);
  await worker.start();
  return worker;
}

async function finalTotals(workspaceId: string): Promise<Totals> {
  let last: Totals | undefined;
  await until(
    async () => {
      last = await totals(deps, workspaceId, { from: null, to: null });
      return !last.provisional && last.events === EVENTS;
    },
    { timeoutMs: 60_000, everyMs: 200, what: 'final totals' },
  );
  return last as Totals;
}

describe('workers that are killed', () => {
  it('end with the digest and totals of a clean run', async () => {
    const clean = await makeShard('clean');
    const events = traffic(EVENTS);
    let main = await startWorker('main');
    let archive = await startWorker('archive');
    await sendTraffic(log, { shardId: clean, partitions: PARTITIONS }, events);
    const expected = await finalTotals('clean');
    const expectedDigest = await workspaceDigest(deps, 'clean');
    expect(expected).toMatchObject({ events: EVENTS, duplicates: 0, deadLetters: 0 });
    expect(expected.cartsAbandoned + expected.cartsConverted).toBeGreaterThan(50);
    // Anonymous keys were linked, across partitions too: fewer customers than keys.
    expect(expected.customers).toBeLessThan(240);

    const killed = await makeShard('killed');
    const random = randomFrom(7);
    await sendTraffic(log, { shardId: killed, partitions: PARTITIONS }, events, async (at) => {
      if (at % 1_000 !== 450) return;
      await pause(random() * 300);
      await main.kill();
      await archive.kill();
      [main, archive] = await Promise.all([startWorker('main'), startWorker('archive')]);
    });
    // Sent twice altogether: every repeat is an attempt, none an event.
    await sendTraffic(log, { shardId: killed, partitions: PARTITIONS }, events);
    const { duplicates, ...rest } = await finalTotals('killed');
    const { duplicates: none, ...wanted } = expected;
    expect(duplicates - none).toBe(EVENTS);
    expect(rest).toEqual(wanted);
    expect((await workspaceDigest(deps, 'killed')).digest).toBe(expectedDigest.digest);
    expect(await messageHistory(deps, 'killed', '17')).toMatchObject({
      attempts: [{ outcome: 'accepted' }, { outcome: 'duplicate' }],
      effect: { processed: true },
    });
    await main.stop();
    await archive.stop();
  }, 300_000);
});
