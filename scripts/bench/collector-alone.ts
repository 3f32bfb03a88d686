/**
 * The real collector without a database: one write key, `bench`, whose source is fixed. For comparing with the bare
 * loop of `bare-collector` on the same Redis.
 *
 * Usage: collector-alone <port> <redis port> <partitions>
 */
import { createSecretKey, randomBytes } from 'node:crypto';
import http from 'node:http';
import { Redis } from 'ioredis';
import { HOUR_MS } from '@/server/core/durations';
import { RedisEventLog } from '@/server/event-log';
import {
  createCollector,
  createCollectorMetrics,
  createDeadLetterSeal,
  DebuggerFeed,
} from '@/server/ingestion';
import { createMetrics } from '@/server/platform/metrics';
import { systemClock } from '@/server/platform/system-clock';
import { SignalCounts } from '@/server/privacy';

const [port = '0', redisPort = '6379', partitionsText = '64'] = process.argv.slice(2);
const redis = new Redis(Number(redisPort), '127.0.0.1', { protocol: 2 });
const queueRedis = new Redis(Number(redisPort), '127.0.0.1', { protocol: 2, db: 1 });
const source = {
  sourceId: 'src_bench',
  name: 'bench',
  workspaceId: 'ws_bench',
  shardId: 1,
  region: 'here',
  partitions: Number(partitionsText),
  platform: null,
  eventsPerSec: 1_000_000,
};

const collector = createCollector({
  admission: { ask: () => 0, took: () => undefined },
  log: new RedisEventLog({
    redis,
    queueRedis,
    now: systemClock,
    dedupMs: 168 * HOUR_MS,
    dedupMaxBytes: 2 ** 30,
    idScope: 'shard',
  }),
  findSource: async (writeKey) => (writeKey === 'bench' ? source : null),
  seal: createDeadLetterSeal(createSecretKey(randomBytes(32))).seal,
  debuggerFeed: new DebuggerFeed(queueRedis),
  signalCounts: new SignalCounts(queueRedis, systemClock),
  metrics: createCollectorMetrics(createMetrics('bench')),
  now: systemClock,
  secure: false,
  onError: (error) => console.error(error),
});
http
  .createServer(collector.listener)
  .listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
