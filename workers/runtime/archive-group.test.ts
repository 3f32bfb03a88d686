import { once } from 'node:events';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { type CustomerEvent, encodeEvent, offsetKey, RedisEventLog } from '@/server/event-log';
import { plainEvent } from '@/server/event-log/event-fixture';
import { ArchiveStore } from '@/server/history';
import type { Deps } from '@/server/platform/deps';
import { createMetrics } from '@/server/platform/metrics';
import { withClient } from '@/server/platform/pg-client';
import { createRedis } from '@/server/platform/redis';
import { type TestDatabase, testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { changeConsent } from '@/server/privacy/opt-out.service';
import { partitionKeys } from '@/server/scaling';
import { ArchiveGroup } from './archive-group';
import { createArchiveMetrics } from './archive-metrics';

const WORKSPACE = 'ws_archive';
const PARTITIONS = 4;
const EVENT_AT = Date.UTC(2026, 3, 1);

/** Something happens to Redis between the question whether logs were lost and its answer. */
class InterruptedLog extends RedisEventLog {
  interruption: (() => Promise<void>) | undefined;

  override async endsBefore(...asked: Parameters<RedisEventLog['endsBefore']>): Promise<boolean[]> {
    const interruption = this.interruption;
    this.interruption = undefined;
    await interruption?.();
    return super.endsBefore(...asked);
  }
}

let database: TestDatabase;
let deps: Deps;
let log: InterruptedLog;
let shardId: number;
let store: ArchiveStore;
let group: ArchiveGroup;
const metrics = createMetrics('test-archive');
const figures = createArchiveMetrics(metrics);

beforeAll(async () => {
  database = await testDatabase();
  const redis = await testRedis();
  let made = 0;
  deps = {
    db: database.prisma,
    logRedis: createRedis(redis.url, { name: 'test' }),
    queueRedis: createRedis(redis.queueUrl, { name: 'test' }),
    now: Date.now,
    newId: (prefix) => {
      made += 1;
      return `${prefix}_${made}`;
    },
  };
  const { logRedis, queueRedis, now } = deps;
  log = new InterruptedLog({
    redis: logRedis,
    queueRedis,
    now,
    dedupMs: 1e9,
    dedupMaxBytes: 1e9,
    idScope: 'shard',
  });
  await deps.db.workspace.create({ data: { id: WORKSPACE, name: 'Archive', slug: 'archive' } });
  const data = { workspaceId: WORKSPACE, region: 'eu', partitions: PARTITIONS };
  shardId = (await deps.db.shard.create({ data })).id;
  store = new ArchiveStore(database.urls.bulk, now);
  group = new ArchiveGroup({
    log,
    redis: logRedis,
    store,
    now,
    workspaceOf: (id) => (id === shardId ? WORKSPACE : undefined),
    shardIds: () => [shardId],
    metrics: figures,
    logger: pino({ level: 'silent' }),
  });
  group.start();
  for (let partition = 0; partition < PARTITIONS; partition += 1) void group.hold(shardId, partition, '1');
});

afterAll(async () => {
  await group?.stop();
  await store?.close();
  deps?.logRedis.disconnect();
  deps?.queueRedis.disconnect();
});

function event(id: string, customer: string): CustomerEvent {
  return plainEvent(id, customer, { t: EVENT_AT, r: EVENT_AT, p: { email: `${customer}@example.org` } });
}

/** Appends, and notes the whole log as processed, as the main group does. */
async function processed(...events: CustomerEvent[]): Promise<void> {
  const encoded = events.map((one) => encodeEvent(one, one.id, PARTITIONS));
  await log.append({ shardId, events: encoded, deadLetters: [] });
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const [last] = await deps.logRedis.xrevrange(partitionKeys(shardId, partition).log, '+', '-', 'COUNT', 1);
    if (last) await deps.logRedis.hset(offsetKey(shardId, partition, 'main'), 'id', last[0]);
  }
}

function rows<T extends object>(text: string): Promise<T[]> {
  return withClient(database.urls.worker, async (client) => {
    await client.query(`SELECT set_config('app.workspace_id', $1, false)`, [WORKSPACE]);
    return (await client.query<T>(text)).rows;
  });
}

async function archived(messageId: string): Promise<{ customer: string | null; properties: object }[]> {
  const all = await rows<{ message_id: string; customer: string | null; properties: object }>(
    'SELECT message_id, customer, properties FROM history_events',
  );
  return all
    .filter((row) => row.message_id === messageId)
    .map(({ customer, properties }) => ({ customer, properties }));
}

const isArchived = (messageId: string) =>
  until(async () => (await archived(messageId)).length > 0, { what: `${messageId} in history` });

describe('the archive', () => {
  it('keeps events of customers who opted out without key and properties, and of others whole', async () => {
    await processed(event('before', 'anna'));
    await isArchived('before');
    await changeConsent(deps, {
      workspaceId: WORKSPACE,
      customer: 'anna',
      purpose: 'profiling',
      optedIn: false,
      actor: { kind: 'person', id: 'user_1' },
    });
    await processed(event('after', 'anna'), event('other', 'ben'));
    await Promise.all([isArchived('after'), isArchived('other')]);
    expect(await archived('before')).toEqual([
      { customer: 'anna', properties: { email: 'anna@example.org' } },
    ]);
    expect(await archived('after')).toEqual([{ customer: null, properties: {} }]);
    expect(await archived('other')).toEqual([{ customer: 'ben', properties: { email: 'ben@example.org' } }]);
  });

  it('tells the log where it stands when a lease comes back after its last batch', async () => {
    await processed(event('told', 'dora'));
    await isArchived('told');
    const partition = partitionOf('dora', PARTITIONS);
    // As a worker leaves it that lost the lease between its transaction and its word to Redis.
    await deps.logRedis.hset(offsetKey(shardId, partition, 'archive'), { id: '0-1', n: 0 });
    const { out } = partitionKeys(shardId, partition);
    const isDropped = () => until(async () => (await deps.logRedis.xlen(out)) === 0);
    const id = (await deps.logRedis.xadd(out, '*', 'r', '[]')) ?? '';
    await isDropped();
    await deps.logRedis.multi().del(out).xadd(out, id, 'r', '[]').exec();
    void group.hold(shardId, partition, '2');
    await until(async () => (await log.lag(shardId, [partition], 'archive'))[0]?.backlog === 0);
    await isDropped();
  });

  it('sets aside what Postgres refuses, and writes the rest of the batch', async () => {
    const fact = { o: 'fact', customer: 'cy', kind: 'order', at: EVENT_AT, sign: 1, currency: 'USD' };
    const outputs = ['1.50', 'not a number', '2.50'].map((amount, index) => ({
      ...fact,
      amount,
      position: `7-0/${index}`,
    }));
    await deps.logRedis.xadd(partitionKeys(shardId, 0).out, '*', 'r', JSON.stringify(outputs));
    await until(async () => (await rows('SELECT 1 FROM dead_letters')).length > 0, { what: 'a dead letter' });
    const kept = await rows<{ amount: string }>('SELECT amount FROM history_facts ORDER BY position');
    expect(kept.map(({ amount }) => Number(amount))).toEqual([1.5, 2.5]);
    expect(await rows('SELECT reason, position FROM dead_letters')).toEqual([
      { reason: 'archive', position: 'archive:history_facts:0:7-0/1' },
    ]);
  });

  it.each([
    ['is given a partition', (partition: number) => group.hold(shardId, partition, '2')],
    ['finds Redis back', () => deps.logRedis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no')],
  ])('says that it is ahead of what is processed when it %s', async (when, happens) => {
    const partition = partitionOf('elsa', PARTITIONS);
    await processed(event(`ahead, ${when}`, 'elsa'));
    await isArchived(`ahead, ${when}`);
    const main = offsetKey(shardId, partition, 'main');
    const id = (await deps.logRedis.hget(main, 'id')) ?? '';
    await deps.logRedis.hset(main, 'id', `${Number(id.split('-')[0]) - 5}-0`);
    void Promise.resolve(happens(partition)).catch(() => undefined);
    const told = async () => (await figures.setBacks.get()).values[0]?.value;
    await until(async () => (await told()) === 1);
    await deps.logRedis.hset(main, 'id', id);
    figures.setBacks.reset();
  });

  it('says so as well when Redis comes back without a tail while it is asked whether logs were lost', async () => {
    const partition = partitionOf('fay', PARTITIONS);
    await processed(event('kept', 'fay'));
    await isArchived('kept');
    const main = offsetKey(shardId, partition, 'main');
    const { log: logKey } = partitionKeys(shardId, partition);
    const kept = (await deps.logRedis.hget(main, 'id')) ?? '';
    await processed(event('torn off', 'fay'));
    await isArchived('torn off');
    const torn = (await deps.logRedis.hget(main, 'id')) ?? '';
    log.interruption = async () => {
      await deps.logRedis.multi().hset(main, 'id', kept).xdel(logKey, torn).xsetid(logKey, kept).exec();
      const isBack = once(deps.logRedis, 'ready');
      void deps.logRedis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'no').catch(() => undefined);
      await isBack;
    };
    const [told] = await until(async () => {
      const { values } = await figures.setBacks.get();
      return values[0]?.value ? values : undefined;
    });
    expect(told?.value).toBe(1);
    figures.setBacks.reset();
  });

  it('goes on with what Redis holds after it was lost or set back, without doubles', async () => {
    const partition = partitionOf('dora', PARTITIONS);
    const { log: logKey } = partitionKeys(shardId, partition);
    await processed(event('first', 'dora'));
    await isArchived('first');
    // A store whose clock is behind gives out ids that were passed long ago.
    const [entry] = await deps.logRedis.xrevrange(logKey, '+', '-', 'COUNT', 1);
    const [id, fields] = entry ?? ['', []];
    const earlier = `${Number(id.split('-')[0]) - 60_000}-0`;
    await deps.logRedis.flushdb();
    const lost = JSON.stringify([event('second', 'dora')]);
    await deps.logRedis.xadd(logKey, earlier, 'r', lost, 'n', 1);
    await deps.logRedis.hset(offsetKey(shardId, partition, 'main'), 'id', earlier);
    await isArchived('second');
    // What was archived before comes again with the same id: its row stays the only one.
    await deps.logRedis.xadd(logKey, id, ...fields);
    await processed(event('third', 'dora'));
    await isArchived('third');
    expect(await archived('first')).toHaveLength(1);
    expect(await archived('second')).toHaveLength(1);
    expect(await rows(`SELECT 1 FROM dead_letters WHERE position LIKE 'archive:history_events%'`)).toEqual(
      [],
    );
    const [restarts, setBacks] = await Promise.all([figures.restarts.get(), figures.setBacks.get()]);
    expect(restarts.values[0]?.value).toBeGreaterThanOrEqual(1);
    expect(setBacks.values[0]?.value).toBe(0);
  });
});
