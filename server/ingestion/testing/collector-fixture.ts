import { createSecretKey } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Redis } from 'ioredis';
import { HOUR_MS } from '@/server/core/durations';
import { type CustomerEvent, type DeadLetterRecord, type LogRecord, RedisEventLog } from '@/server/event-log';
import type { SourceIdentity } from '@/server/identity';
import { createMetrics } from '@/server/platform/metrics';
import { type TestRedis, testRedis } from '@/server/platform/testing/test-redis';
import { SignalCounts } from '@/server/privacy';
import { openLagGate } from '@/server/scaling';
import { createCollector, createCollectorMetrics, createDeadLetterSeal, DebuggerFeed } from '..';

export const WRITE_KEY = 'mw_test';
export const SOURCE: SourceIdentity = {
  sourceId: 'src_test',
  name: 'test',
  workspaceId: 'ws_test',
  shardId: 7,
  region: 'here',
  partitions: 4,
  platform: null,
  eventsPerSec: 100_000,
};

export interface Answered {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  body: any;
}

/** A collector over a Redis of its own, without a database: one write key, `mw_test`. */
export async function collectorFixture(source: Partial<SourceIdentity> = {}, behindSeconds = 0) {
  const server: TestRedis = await testRedis('always');
  const redis = new Redis(server.url, { protocol: 2, maxRetriesPerRequest: 1 });
  const queueRedis = new Redis(server.queueUrl, { protocol: 2, maxRetriesPerRequest: 1 });
  for (const client of [redis, queueRedis]) client.on('error', () => undefined);
  const state = { refusal: null as string | null, now: Date.now, errors: [] as unknown[] };
  const now = () => state.now();
  const log = new RedisEventLog({
    redis,
    queueRedis,
    now,
    dedupMs: 168 * HOUR_MS,
    dedupMaxBytes: 2 ** 30,
    idScope: 'shard',
    refusal: () => state.refusal,
  });
  const seal = createDeadLetterSeal(createSecretKey(Buffer.alloc(32, 7)));
  const lag = openLagGate(
    { logRedis: redis, queueRedis, now },
    { behindSeconds, collector: 'collector-test' },
  );
  const metrics = createMetrics('test');
  const signalCounts = new SignalCounts(queueRedis, now);
  const collector = createCollector({
    log,
    admission: lag.gate,
    findSource: async (key) => (key === WRITE_KEY ? { ...SOURCE, ...source } : null),
    seal: seal.seal,
    debuggerFeed: new DebuggerFeed(queueRedis),
    signalCounts,
    metrics: createCollectorMetrics(metrics),
    now,
    secure: false,
    onError: (error) => state.errors.push(error),
  });
  const http = createServer({ connectionsCheckingInterval: 100 });
  http.on('request', collector.listener);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;

  async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`,
        'content-type': 'application/json',
        ...headers,
      },
      body:
        typeof body === 'string' || body instanceof Uint8Array ? (body as BodyInit) : JSON.stringify(body),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? null : JSON.parse(text),
    };
  }

  async function records(): Promise<LogRecord[]> {
    const cursors = Array.from({ length: SOURCE.partitions }, (_, partition) => ({ partition, after: '0' }));
    const read = await log.read(SOURCE.shardId, cursors, 100_000);
    return [...read.values()].flat().flatMap((entry) => JSON.parse(entry.records) as LogRecord[]);
  }

  const events = async () => (await records()).filter((record): record is CustomerEvent => record.k === 'e');

  return {
    url,
    port,
    server,
    redis,
    queueRedis,
    log,
    seal,
    state,
    /** Gives senders so long for their headers, and for a whole request, ms. @returns gives them back as long as they had */
    hurry: (headersMs: number, requestMs: number): (() => void) => {
      const { headersTimeout, requestTimeout } = http;
      Object.assign(http, { headersTimeout: headersMs, requestTimeout: requestMs });
      return () => Object.assign(http, { headersTimeout, requestTimeout });
    },
    /** Reads how far behind the processors are, as is done once a second. */
    readLag: lag.read,
    metrics,
    signalCounts,
    post,
    gzip: (value: unknown) => new Uint8Array(gzipSync(JSON.stringify(value))),
    records,
    events,
    /** The one event of this message id. @throws when there is none, or more than one */
    eventOf: async (messageId: string): Promise<CustomerEvent> => {
      const [found, ...more] = (await events()).filter(({ id }) => id === messageId);
      if (found === undefined || more.length > 0) throw new Error(`not one event with the id ${messageId}`);
      return found;
    },
    deadLetters: async (): Promise<DeadLetterRecord[]> => {
      const entries = await redis.xrange(`{${SOURCE.shardId}.dl}:log`, '-', '+');
      return entries.flatMap(([, fields]) => JSON.parse(fields[1] ?? '[]') as DeadLetterRecord[]);
    },
    close: async () => {
      http.closeAllConnections();
      http.close();
      redis.disconnect();
      queueRedis.disconnect();
    },
  };
}

export type CollectorFixture = Awaited<ReturnType<typeof collectorFixture>>;
