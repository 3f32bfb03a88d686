import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS } from '@/server/core/durations';
import {
  type CustomerEvent,
  type EventLog,
  encodeEvent,
  type Flush,
  RedisEventLog,
} from '@/server/event-log';
import { KafkaConnection } from '@/server/event-log/kafka/kafka-connection';
import { KafkaEventLog } from '@/server/event-log/kafka/kafka-event-log';
import { installKafka, startKafka, whyNoKafka } from '@/server/platform/embedded/kafka-broker';
import { freePort } from '@/server/platform/embedded/ports';
import { startRedis } from '@/server/platform/embedded/redis-server';
import { createRedis } from '@/server/platform/redis';
import { ensureRedisProgram } from '../start/redis-program';
import { seededRandom } from './event-maker';

const PARTITIONS = 64;
const SHARD = 1;
const CUSTOMERS = 100_000;
/** Events of one flush, as a busy collector packs them, and flushes on their way at once. */
const FLUSH_EVENTS = 1_000;
const IN_FLIGHT = 4;
const READ_COUNT = 100;
const LIB_DIR = join('.data', 'kafka', 'lib');

/** Events a second through one process: appended, deduplicated and durable, then read back and parsed. */
interface LogFigures {
  appendedPerSecond: number;
  readPerSecond: number;
}

export interface LogComparison {
  redisStreams: LogFigures;
  /** absent, with the reason, where no broker can be had */
  kafka: LogFigures | { skipped: string };
  /** Kafka over Redis Streams */
  ratios?: { append: number; read: number };
}

/** Both logs with the same packed events, one after the other on the same machine, each beside a Redis that fsyncs. */
export async function compareLogs(seconds: number): Promise<LogComparison> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-logs-'));
  const program = await ensureRedisProgram(process.env.PATH ?? '', () => undefined);
  const server = await startRedis(program, {
    dataDir: join(folder, 'redis'),
    port: await freePort(),
    durability: 'always',
    logFile: join(folder, 'redis.log'),
  });
  const redis = createRedis(server.url, { name: 'bench' });
  const options = {
    redis,
    queueRedis: redis,
    now: Date.now,
    dedupMs: HOUR_MS,
    dedupMaxBytes: 2 ** 30,
    idScope: 'shard' as const,
  };
  try {
    const redisStreams = await figuresOf(new RedisEventLog(options), seconds);
    await redis.flushall();
    const skipped = await whyNoKafka(LIB_DIR);
    if (skipped) return { redisStreams, kafka: { skipped } };
    await installKafka(LIB_DIR);
    const kafkaFolder = join(folder, 'kafka');
    const broker = await startKafka({
      dataDir: kafkaFolder,
      libDir: LIB_DIR,
      port: await freePort(),
      logFile: join(folder, 'kafka.log'),
    });
    const connection = new KafkaConnection({
      brokers: broker.brokers,
      topicPrefix: 'bench',
      partitions: PARTITIONS,
    });
    try {
      const kafka = await figuresOf(new KafkaEventLog(options, connection), seconds);
      return { redisStreams, kafka, ratios: ratiosOf(kafka, redisStreams) };
    } finally {
      await connection.close();
      await broker.stop('SIGKILL');
    }
  } finally {
    redis.disconnect();
    await server.stop('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}

function ratiosOf(kafka: LogFigures, redis: LogFigures): { append: number; read: number } {
  const ratio = (part: number, whole: number) => Math.round((part / whole) * 1_000) / 1_000;
  return {
    append: ratio(kafka.appendedPerSecond, redis.appendedPerSecond),
    read: ratio(kafka.readPerSecond, redis.readPerSecond),
  };
}

async function figuresOf(log: EventLog, seconds: number): Promise<LogFigures> {
  const flushes = flushMaker();
  // The first flush makes the topic, loads the scripts and warms the code.
  await log.append(flushes());
  const began = performance.now();
  let appended = 0;
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (performance.now() - began < seconds * 1_000) {
        await log.append(flushes());
        appended += FLUSH_EVENTS;
      }
    }),
  );
  const appendSeconds = (performance.now() - began) / 1_000;
  const readBegan = performance.now();
  const read = await readAll(log);
  const readSeconds = (performance.now() - readBegan) / 1_000;
  if (read !== appended + FLUSH_EVENTS)
    throw new Error(`${read} events read, ${appended + FLUSH_EVENTS} appended.`);
  return {
    appendedPerSecond: Math.round(appended / appendSeconds),
    readPerSecond: Math.round(read / readSeconds),
  };
}

async function readAll(log: EventLog): Promise<number> {
  const cursors = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, after: '0-0' }));
  let count = 0;
  for (;;) {
    const found = await log.read(SHARD, cursors, READ_COUNT);
    if (found.size === 0) return count;
    for (const [partition, entries] of found) {
      for (const entry of entries) count += (JSON.parse(entry.records) as unknown[]).length;
      const cursor = cursors[partition];
      if (cursor) cursor.after = entries.at(-1)?.id ?? cursor.after;
    }
  }
}

/** Events of about 400 bytes in the log, of skewed customers. */
function flushMaker(): () => Flush {
  const random = seededRandom(1);
  let count = 0;
  const properties = JSON.stringify({
    product_id: 'sku-12',
    name: 'Canned Foods',
    price: 12.5,
    quantity: 1,
    currency: 'USD',
    cart_id: 'main',
    category: 'General',
    note: 'x'.repeat(120),
  });
  return () => ({
    shardId: SHARD,
    deadLetters: [],
    events: Array.from({ length: FLUSH_EVENTS }, () => {
      count += 1;
      const event: CustomerEvent = {
        k: 'e',
        id: `bench-${count}`,
        c: `user-${Math.floor(CUSTOMERS * random() ** 3)}`,
        t: 1_700_000_000_000 + count,
        r: 1_700_000_000_000 + count,
        s: 'src_bench',
        y: 'track',
        n: 'Product Added',
        pl: 'web',
        p: {},
      };
      return encodeEvent(event, event.id, PARTITIONS, properties);
    }),
  });
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  process.stdout.write(`${JSON.stringify(await compareLogs(Number(process.argv[2] ?? 8)), null, 2)}\n`);
}
