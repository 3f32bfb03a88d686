import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CustomerEvent, encodeEvent, RedisEventLog } from '@/server/event-log';
import { workspaceDigest } from '@/server/history/digest.service';
import { messageHistory } from '@/server/history/message.service';
import { type Totals, totals } from '@/server/history/totals.service';
import type { Deps } from '@/server/platform/deps';
import { freePort } from '@/server/platform/embedded/ports';
import { createRedis } from '@/server/platform/redis';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { TestWorker, type WorkerGroup } from './worker-fixture';

const PARTITIONS = 8;
const IDLE_MS = 400;
const EVENTS = 3_000;
const START = Date.UTC(2025, 2, 1);

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

/** A seeded generator: the same traffic in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const NAMES = [
  'Product Added',
  'Product Added',
  'Product Removed',
  'Home',
  'Checkout Started',
  'Order Completed',
];

/** Carts, orders and visitors who identify themselves, over some hours of event time. */
function traffic(): CustomerEvent[] {
  const random = randomFrom(42);
  return Array.from({ length: EVENTS }, (_, index) => {
    const person = Math.floor(random() * 120);
    const known = random() < 0.6;
    const name = NAMES[Math.floor(random() * NAMES.length)] ?? 'Home';
    const t = START + index * 9_000 + Math.floor(random() * 200_000);
    const identifies = known && random() < 0.1;
    return {
      k: 'e',
      id: String(index + 1),
      c: known ? `user${person}` : `anon${person}`,
      ...(identifies ? { l: `anon${person}` } : {}),
      t,
      r: t,
      s: 'source',
      y: 'track',
      n: name,
      pl: 'web',
      p: {
        product_id: `p${index % 7}`,
        price: 9.9,
        quantity: 1 + (index % 3),
        total: 20.25,
        currency: 'USD',
      },
    };
  });
}

async function send(
  shardId: number,
  events: readonly CustomerEvent[],
  between?: (sent: number) => Promise<void>,
) {
  for (let at = 0; at < events.length; at += 50) {
    const flush = events.slice(at, at + 50).map((event) => encodeEvent(event, event.id, PARTITIONS));
    await log.append({ shardId, events: flush, deadLetters: [] });
    await between?.(at);
  }
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
    const events = traffic();
    let main = await startWorker('main');
    let archive = await startWorker('archive');
    await send(clean, events);
    const expected = await finalTotals('clean');
    const expectedDigest = await workspaceDigest(deps, 'clean');
    expect(expected).toMatchObject({ events: EVENTS, duplicates: 0, deadLetters: 0 });
    expect(expected.cartsAbandoned + expected.cartsConverted).toBeGreaterThan(50);
    // Anonymous keys were linked, across partitions too: fewer customers than keys.
    expect(expected.customers).toBeLessThan(240);

    const killed = await makeShard('killed');
    const random = randomFrom(7);
    await send(killed, events, async (at) => {
      if (at % 1_000 !== 450) return;
      await pause(random() * 300);
      await main.kill();
      await archive.kill();
      [main, archive] = await Promise.all([startWorker('main'), startWorker('archive')]);
    });
    // Sent twice altogether: every repeat is an attempt, none an event.
    await send(killed, events);
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
