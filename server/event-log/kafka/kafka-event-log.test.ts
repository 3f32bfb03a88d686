import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe } from 'vitest';
import { HOUR_MS } from '@/server/core/durations';
import { type TestKafka, testKafka, whyNoTestKafka } from '@/server/platform/testing/test-kafka';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { type ConformanceSubject, describeEventLog } from '../event-log.conformance';
import { offsetKey } from '../log-keys';
import { KafkaConnection } from './kafka-connection';
import { KafkaEventLog } from './kafka-event-log';

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
});
