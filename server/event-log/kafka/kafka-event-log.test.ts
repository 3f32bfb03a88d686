import { Admin } from '@platformatic/kafka';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR_MS } from '@/server/core/durations';
import { type TestKafka, testKafka, whyNoTestKafka } from '@/server/platform/testing/test-kafka';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { until } from '@/server/platform/until';
import { appendOverKills } from '../append-over-kills-fixture';
import { type ConformanceSubject, describeEventLog, event } from '../event-log.conformance';
import { epochKey, offsetKey } from '../log-keys';
import type { LogRecord } from '../records';
import { Claims } from './claims';
import { KafkaConnection } from './kafka-connection';
import { KafkaEventLog } from './kafka-event-log';
import { keyOf, packsOf, textOf } from './packing';

/** A broker starts twice within it, which on a busy machine takes a while. */
const KILLS_TIMEOUT_MS = 420_000;

const reason = await whyNoTestKafka();
if (reason) process.stderr.write(`The Kafka log is not tested here. ${reason}\n`);

describe.skipIf(reason !== null)('the log on Kafka', () => {
  let server: TestRedis;
  let kafka: TestKafka;
  let redis: Redis;
  let queueRedis: Redis;
  const connections: KafkaConnection[] = [];

  beforeAll(async () => {
    [server, kafka] = await Promise.all([testRedis('always'), testKafka()]);
    redis = new Redis(server.url, { protocol: 2, maxRetriesPerRequest: 2 });
    queueRedis = new Redis(server.queueUrl, { protocol: 2, maxRetriesPerRequest: 2 });
    for (const client of [redis, queueRedis]) client.on('error', () => undefined);
  });
  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    redis.disconnect();
    queueRedis.disconnect();
    await kafka.stop();
  });

  function connect(topicPrefix: string): KafkaConnection {
    const connection = new KafkaConnection({ brokers: kafka.brokers, topicPrefix, partitions: 8 });
    connections.push(connection);
    return connection;
  }

  const base = { now: Date.now, dedupMs: 168 * HOUR_MS, dedupMaxBytes: 2 ** 30 };

  function subject(idScope: 'shard' | 'partition'): ConformanceSubject {
    return {
      open: (options = {}) =>
        new KafkaEventLog(
          { ...base, ...options, redis, queueRedis, idScope },
          connect(`conformance-${idScope}`),
        ),
      commitOffset: async (shardId, partition, group, id, n) => {
        await redis.hset(offsetKey(shardId, partition, group), { id, n });
      },
      recognisesAcrossCustomers: idScope === 'shard',
    };
  }

  describeEventLog('kafka, ids of the shard together', () => subject('shard'));
  describeEventLog('kafka, ids per partition', () => subject('partition'));

  /** Ids of the events that take effect, and of the attempts, in the order of the log. */
  async function heldBy(
    log: KafkaEventLog,
    shardId: number,
  ): Promise<{ events: string[]; attempts: string[] }> {
    const cursors = (await log.partitions(shardId)).map((partition) => ({ partition, after: '0' }));
    const entries = [...(await log.read(shardId, cursors, 100_000)).values()].flat();
    const records = entries.flatMap((entry) => JSON.parse(entry.records) as LogRecord[]);
    const idsOf = (kind: 'e' | 'd') => records.flatMap((record) => (record.k === kind ? [record.id] : []));
    return { events: idsOf('e'), attempts: idsOf('d') };
  }

  // Each waits seconds for the claim of who was cut off to lapse: side by side.
  describe.concurrent('an append that was cut off', () => {
    const open = (connection: KafkaConnection) =>
      new KafkaEventLog({ ...base, redis, queueRedis, idScope: 'shard' }, connection);
    /** What a collector does before it is killed: it claims, and perhaps appends. */
    async function cutOff(connection: KafkaConnection, shardId: number, id: string) {
      const [claimed] = await new Claims({ redis, idScope: 'shard' }).claim(
        shardId,
        packsOf([event(id, 'anna')], [0]),
      );
      if (!claimed) throw new Error('There should be a claim.');
      const topic = await connection.topics.ensure(shardId);
      const { partition } = claimed.pack;
      return () =>
        connection.producer.send([{ topic, partition, key: keyOf(claimed), value: textOf(claimed) }]);
    }

    it('before the log had it is made good by the retry', async () => {
      const connection = connect('cut');
      const log = open(connection);
      await cutOff(connection, 1, 'a');
      const { duplicates } = await log.append({ shardId: 1, events: [event('a', 'anna')], deadLetters: [] });
      expect(duplicates).toEqual([]);
      expect(await heldBy(log, 1)).toEqual({ events: ['a'], attempts: [] });
    });

    it('and lands after the retry has no effect', async () => {
      const connection = connect('cut');
      const log = open(connection);
      const land = await cutOff(connection, 2, 'a');
      await log.append({ shardId: 2, events: [event('a', 'anna'), event('b', 'anna')], deadLetters: [] });
      await land();
      expect(await heldBy(log, 2)).toEqual({ events: ['a', 'b'], attempts: [] });
    });

    it('after the log had it is taken by the retry in its place, and the first has no effect', async () => {
      const connection = connect('cut');
      const log = open(connection);
      const land = await cutOff(connection, 3, 'a');
      await land();
      await log.append({ shardId: 3, events: [event('a', 'anna')], deadLetters: [] });
      expect((await heldBy(log, 3)).events).toEqual(['a']);
    });
  });

  it('writes a tick only in the name of the lease, and drops one that is under way when the lease goes', async () => {
    const log = subject('shard').open() as KafkaEventLog;
    const [shardId, partition] = [500, 3];
    await redis.set(epochKey(shardId, partition, 'main'), '4');
    const pack = { shardId, partition, records: '[{"k":"c","t":1,"epoch":4}]' };
    expect(await log.tick(pack, '3')).toBe(false);
    expect(await log.tick(pack, '4')).toBe(true);
    const read = async () => (await log.read(shardId, [{ partition, after: '0' }], 10)).get(partition) ?? [];
    expect((await read()).map(({ records }) => records)).toEqual([pack.records]);
    await log.takeOver(shardId, partition);
    expect(await read()).toMatchObject([{ records: '[]', refused: true }]);
  });

  it('counts what it delivers as no events, and cuts a pack that is too long', async () => {
    const log = subject('shard').open() as KafkaEventLog;
    const long = Array.from({ length: 40 }, (_, i) => {
      const one = event(`long-${i}`, 'anna');
      return { ...one, json: one.json.replace('"q":', `"filler":"${'x'.repeat(30_000)}","q":`) };
    });
    await log.append({ shardId: 501, events: long, deadLetters: [] });
    const { partition } = event('1', 'anna');
    await log.deliver([{ shardId: 501, partition, records: '[{"k":"l"}]' }]);
    const entries = (await log.read(501, [{ partition, after: '0' }], 10)).get(partition) ?? [];
    expect(entries.length).toBeGreaterThan(2);
    expect(entries.at(-1)).toMatchObject({ records: '[{"k":"l"}]', eventsSoFar: 40 });
  });

  it('refuses a topic that could lose events, or has other partitions, with the mend', async () => {
    const other = new KafkaConnection({ brokers: kafka.brokers, topicPrefix: 'wrong', partitions: 4 });
    connections.push(other);
    await other.assertFits([1]);
    await expect(connect('wrong').assertFits([1])).rejects.toThrow(
      /PARTITIONS is 8, but the topic wrong\.1 has 4 partitions/,
    );
    const admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.brokers] });
    const configs = [{ name: 'retention.ms', configOperation: 0 as const, value: '1000' }];
    await admin.incrementalAlterConfigs({
      resources: [{ resourceType: 2, resourceName: 'wrong.1', configs }],
    });
    // A broker hears of it a moment later.
    await until(async () => {
      const asked = [
        { resourceType: 2 as const, resourceName: 'wrong.1', configurationKeys: ['retention.ms'] },
      ];
      const [found] = await admin.describeConfigs({ resources: asked });
      return found?.configs[0]?.value === '1000';
    });
    await admin.close();
    const again = new KafkaConnection({ brokers: kafka.brokers, topicPrefix: 'wrong', partitions: 4 });
    connections.push(again);
    await expect(again.assertFits([1])).rejects.toThrow(/retention\.ms=-1 \(it is 1000\)/);
    const nobody = new KafkaConnection({ brokers: '127.0.0.1:1', topicPrefix: 'wrong', partitions: 4 });
    connections.push(nobody);
    await expect(nobody.assertFits([])).rejects.toThrow(/KAFKA_BROKERS names brokers that cannot be reached/);
  });

  it(
    'loses nothing it acknowledged and takes nothing twice when the broker is killed under load',
    async () => {
      const log = subject('shard').open() as KafkaEventLog;
      const acknowledged = await appendOverKills(log, 903, kafka);
      const { events } = await heldBy(log, 903);
      expect(new Set(events).size).toBe(events.length);
      expect(events.sort()).toEqual(acknowledged.sort());
    },
    KILLS_TIMEOUT_MS,
  );
});
