import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partitionOf } from '@/server/core/partition';
import { type CustomerEvent, encodeEvent, RedisEventLog } from '@/server/event-log';
import { createMetrics } from '@/server/platform/metrics';
import { queueConnection } from '@/server/platform/queue';
import { createRedis, type Redis } from '@/server/platform/redis';
import { testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { epochKey, partitionKeys } from '@/server/scaling';
import { subscribe } from './doorbell';
import { LeaseManager } from './lease-manager';
import { leaseOf } from './lease-name';
import { MainGroup } from './main-group';
import { createStreamMetrics } from './stream-metrics';
import { countingProcessor } from './testing-processor';

const PARTITIONS = 8;
const logger = pino({ level: 'silent' });
let log: RedisEventLog;
let redis: Redis;
let queueRedis: Redis;
let queueUrl: string;
let sent = 0;
const running: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  const server = await testRedis();
  queueUrl = server.queueUrl;
  redis = createRedis(server.url, { name: 'test-log' });
  queueRedis = createRedis(server.queueUrl, { name: 'test-queue' });
  log = new RedisEventLog({
    redis,
    queueRedis,
    now: Date.now,
    dedupMs: 3_600_000,
    dedupMaxBytes: 1e9,
    idScope: 'shard',
  });
});

afterAll(async () => {
  for (const one of running.splice(0)) await one.stop();
  redis.disconnect();
  queueRedis.disconnect();
});

function event(shardId: number, customer: string, more: Partial<CustomerEvent> = {}): CustomerEvent {
  sent += 1;
  const id = `m${shardId}.${sent}`;
  return {
    k: 'e',
    id,
    c: customer,
    t: 1_000 + sent,
    r: 1,
    s: 'src',
    y: 'track',
    n: 'Seen',
    pl: 'web',
    p: {},
    ...more,
  };
}

async function append(shardId: number, events: CustomerEvent[]): Promise<void> {
  const encoded = events.map((one) => encodeEvent(one, one.id, PARTITIONS));
  await log.append({ shardId, events: encoded, deadLetters: [] });
}

async function startWorker(shards: number | number[], worker: string, timerAfterMs?: number) {
  const processor = countingProcessor({ timerAfterMs });
  const shardIds = [shards].flat();
  const connection = { redis: createRedis(redis.options.host ? urlOf(redis) : '', { name: worker }) };
  const group = new MainGroup({
    log,
    redis: connection.redis,
    queueRedis,
    now: Date.now,
    idleMs: 300,
    plans: {
      get: (shardId) =>
        shardIds.includes(shardId) ? { shardId, partitions: PARTITIONS, processor } : undefined,
      shardIds: () => shardIds,
    },
    metrics: createStreamMetrics(createMetrics(worker)),
    logger,
  });
  const leases = new LeaseManager({
    group: 'main',
    worker,
    connection: (use) => queueConnection(queueUrl, worker, use),
    logRedis: connection.redis,
    queueRedis,
    now: Date.now,
    host: group,
    logger,
  });
  const silence = subscribe(
    queueRedis,
    {
      doorbell: (name) => {
        group.ring(name);
        leases.rung(name);
      },
    },
    () => undefined,
  );
  group.start();
  await leases.start();
  const handle = {
    group,
    stop: async () => {
      silence();
      await leases.stop(() => group.stop());
      connection.redis.disconnect();
    },
  };
  running.push(handle);
  return handle;
}

function urlOf(client: Redis): string {
  return `redis://${client.options.host}:${client.options.port}/${client.options.db ?? 0}`;
}

async function stopAll(): Promise<void> {
  for (const one of running.splice(0)) await one.stop();
  await queueRedis.flushdb();
}

async function countOf(shardId: number, customer: string): Promise<number> {
  const keys = partitionKeys(shardId, partitionOf(customer, PARTITIONS));
  const text = await redis.hget(keys.state, customer);
  return text === null ? 0 : (JSON.parse(text) as { count: number }).count;
}

async function total(shardId: number): Promise<number> {
  let sum = 0;
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    for (const text of await redis.hvals(partitionKeys(shardId, partition).state)) {
      sum += (JSON.parse(text) as { count: number }).count;
    }
  }
  return sum;
}

describe('records flow from the log to committed state', () => {
  it('processes what was there before and what comes while it runs', async () => {
    const customers = Array.from({ length: 300 }, (_, index) => `c${index}`);
    await append(
      1,
      customers.map((customer) => event(1, customer)),
    );
    await startWorker(1, 'a');
    await until(async () => (await total(1)) === 300);
    for (let round = 0; round < 5; round += 1)
      await append(
        1,
        customers.map((customer) => event(1, customer)),
      );
    await until(async () => (await total(1)) === 1_800);
    expect(await countOf(1, 'c7')).toBe(6);
    await stopAll();
  });

  it('goes on when dead letters come, which are no partition', async () => {
    await startWorker(8, 'l');
    const letter = { id: 'x', reason: 'malformed', sample: '{}' };
    await log.append({ shardId: 8, events: [], deadLetters: [letter as never] });
    await append(8, [event(8, 'y')]);
    await until(async () => (await countOf(8, 'y')) === 1);
    await stopAll();
  });

  it('skips a record that throws, keeps it, and goes on', async () => {
    await append(2, [event(2, 'x'), event(2, 'x', { n: 'poison', id: 'bad' }), event(2, 'x')]);
    await startWorker(2, 'b');
    await until(async () => (await countOf(2, 'x')) === 2);
    const keys = partitionKeys(2, partitionOf('x', PARTITIONS));
    const outputs = (await redis.xrange(keys.out, '-', '+')).flatMap(([, fields]) =>
      JSON.parse(fields[1] ?? '[]'),
    );
    expect(outputs.filter((output) => output.o === 'poison')).toMatchObject([
      { messageId: 'bad', detail: 'TypeError in processor' },
    ]);
    expect(JSON.parse((await redis.get(keys.aggregates)) ?? '{}').counters.errors).toBe(1);
    await stopAll();
  });

  it('ticks a drained partition whose timers are due by the clock', async () => {
    await startWorker(3, 'c', 5);
    await append(3, [event(3, 'idle')]);
    const keys = partitionKeys(3, partitionOf('idle', PARTITIONS));
    await until(
      async () => (await redis.zcard(keys.timers)) === 0 && Number(await redis.hget(keys.clock, 'tick')) > 0,
    );
    const outputs = (await redis.xrange(keys.out, '-', '+')).flatMap(([, fields]) =>
      JSON.parse(fields[1] ?? '[]'),
    );
    expect(outputs.map((output) => output.kind)).toEqual(['visit', 'cartAbandoned']);
    await stopAll();
  });

  it('delivers between partitions once', async () => {
    await startWorker(4, 'd');
    const events = Array.from({ length: 40 }, (_, index) =>
      event(4, `from${index}`, { l: `to${index % 10}` }),
    );
    await append(4, events);
    await until(async () => (await total(4)) === 40 + 40 * 100);
    expect(await countOf(4, 'to3')).toBe(400);
    for (let partition = 0; partition < PARTITIONS; partition += 1) {
      expect(await redis.xlen(partitionKeys(4, partition).outbox)).toBe(0);
    }
    await stopAll();
  });

  it('delivers again what a server that came back has in an outbox', async () => {
    await startWorker(7, 'h');
    await append(7, [event(7, 'sender')]);
    await until(async () => (await countOf(7, 'sender')) === 1);
    const from = partitionOf('sender', PARTITIONS);
    const to = 'receiver';
    const origin = { partition: from, seq: 1, hops: 1 };
    const record = { k: 't', from: 'sender', to, state: { count: 100 }, origin };
    // As it stands after a tail was lost: the commit is there, what followed it is not.
    const lost = [{ target: partitionOf(to, PARTITIONS), record }];
    await redis.xadd(partitionKeys(7, from).outbox, '*', 'r', JSON.stringify(lost));
    await redis.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    await until(async () => (await countOf(7, to)) === 100);
    expect(await redis.xlen(partitionKeys(7, from).outbox)).toBe(0);
    await stopAll();
  });

  it('writes nothing for a worker that lost its lease', async () => {
    const worker = await startWorker(5, 'e');
    await append(5, [event(5, 'z')]);
    await until(async () => (await countOf(5, 'z')) === 1);
    await redis.incr(epochKey(5, partitionOf('z', PARTITIONS), 'main'));
    await append(5, [event(5, 'z')]);
    // The stale owner refuses itself; the partition is then taken again under a newer epoch.
    await until(async () => (await countOf(5, 'z')) === 2);
    expect(worker.group.names().length).toBeGreaterThan(0);
    await stopAll();
  });

  it('shares partitions between two workers and hands over at the end of one', async () => {
    await startWorker(6, 'f');
    const customers = Array.from({ length: 100 }, (_, index) => `s${index}`);
    const wave = () =>
      append(
        6,
        customers.map((customer) => event(6, customer)),
      );
    await wave();
    await until(async () => (await total(6)) === 100);
    const second = await startWorker(6, 'g', undefined);
    await until(() => second.group.names().length === PARTITIONS / 2, { what: 'an even share' });
    await wave();
    await until(async () => (await total(6)) === 200);
    const [first] = running.splice(0, 1);
    await first?.stop();
    await wave();
    await until(async () => (await total(6)) === 300);
    expect(second.group.names()).toHaveLength(PARTITIONS);
    await stopAll();
  });

  it('takes partitions of several shards under one lease, and hands them over together', async () => {
    const shards = [20, 24, 28];
    const wave = () =>
      Promise.all(
        shards.map((shardId) =>
          append(
            shardId,
            Array.from({ length: 60 }, (_, index) => event(shardId, `s${index}`)),
          ),
        ),
      );
    const all = async () => (await Promise.all(shards.map(total))).reduce((sum, one) => sum + one, 0);
    await wave();
    const first = await startWorker(shards, 'i');
    await until(async () => (await all()) === 180);
    expect(await queueRedis.keys('*stream-main:lease-*:lock')).toHaveLength(PARTITIONS);
    expect(first.group.names()).toHaveLength(3 * PARTITIONS);
    const second = await startWorker(shards, 'j');
    await until(() => first.group.names().length === (3 * PARTITIONS) / 2, { what: 'half of it given up' });
    await wave();
    await until(async () => (await all()) === 360);
    // All that share a lease are with the same worker.
    const leases = (names: string[]) => [...new Set(names.map(leaseOf))];
    const both = [...leases(first.group.names()), ...leases(second.group.names())];
    expect(new Set(both).size).toBe(both.length);
    expect(first.group.names().length + second.group.names().length).toBe(3 * PARTITIONS);
    await stopAll();
  });

  it('gives up all of a lease whose lock went to another', async () => {
    const worker = await startWorker([21, 25], 'k');
    await append(21, [event(21, 'z')]);
    await append(25, [event(25, 'z')]);
    const partition = partitionOf('z', PARTITIONS);
    await until(() => worker.group.names().length === 2);
    const [lock] = await queueRedis.keys('*stream-main:lease-*:lock');
    await queueRedis.set(lock ?? '', 'another', 'PX', 1_500);
    // As the other worker would: a newer epoch of one partition.
    await redis.incr(epochKey(21, partition, 'main'));
    await until(() => worker.group.names().length === 0, { what: 'both given up' });
    await append(21, [event(21, 'z')]);
    await append(25, [event(25, 'z')]);
    await until(async () => (await countOf(21, 'z')) === 2 && (await countOf(25, 'z')) === 2);
    await stopAll();
  });
});
