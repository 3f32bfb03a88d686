import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CollectorFixture,
  collectorFixture,
  SOURCE,
} from '@/server/ingestion/testing/collector-fixture';
import { ChannelFeed, WorkspaceLive } from '@/server/live';
import type { Deps } from '@/server/platform/deps';
import { createMetrics } from '@/server/platform/metrics';
import { startTelemetry } from '@/server/platform/telemetry';
import { until } from '@/server/platform/until';
import { epochKey } from '@/server/scaling';
import { MainGroup } from './main-group';
import { createStreamMetrics } from './stream-metrics';
import { countingProcessor } from './testing-processor';

interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  attributes: { key: string }[];
}

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SENDER = '00f067aa0ba902b7';
const { shardId, partitions } = SOURCE;

/** Everything that spans are exported to: the JSON form of OTLP/HTTP. */
const received: ReceivedSpan[] = [];
const receiver = createServer(async (request, response) => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const { resourceSpans } = JSON.parse(Buffer.concat(parts).toString());
  for (const { scopeSpans } of resourceSpans) for (const { spans } of scopeSpans) received.push(...spans);
  response.setHeader('content-type', 'application/json').end('{}');
});

let collector: CollectorFixture;
let group: MainGroup;
let live: WorkspaceLive;
let feed: ChannelFeed;
const messages: string[] = [];

beforeAll(async () => {
  collector = await collectorFixture();
  const { redis, queueRedis, log } = collector;
  const plan = { shardId, partitions, processor: countingProcessor({}) };
  group = new MainGroup({
    log,
    redis,
    readers: [redis],
    queueRedis,
    now: Date.now,
    idleMs: 60_000,
    plans: { get: (id) => (id === shardId ? plan : undefined), shardIds: () => [shardId] },
    metrics: createStreamMetrics(createMetrics('trace')),
    logger: pino({ level: 'silent' }),
  });
  group.start();
  for (let partition = 0; partition < partitions; partition += 1) {
    await redis.set(epochKey(shardId, partition, 'main'), '1');
    void group.hold(shardId, partition, '1');
  }
  feed = new ChannelFeed(queueRedis, () => undefined);
  const never = () => Promise.reject(new Error('not asked for here'));
  live = new WorkspaceLive(SOURCE.workspaceId, {
    deps: { logRedis: redis, queueRedis, now: Date.now } as Deps,
    feed,
    shards: async () => [{ shardId, partitions }],
    readCard: never,
    readClaims: async () => ({ claims: {}, escalations: {}, sla: { chat: 0, call: 0, rule: 0, cart: 0 } }),
    openOperations: never,
    openStreams: never,
    openLag: never,
    onError: () => undefined,
  });
  await live.start();
  await feed.subscribe(`live:${shardId}`, (text) => messages.push(text));
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  live?.close();
  await feed?.close();
  await group?.stop();
  await collector?.close();
  receiver.close();
});

async function send(messageId: string, traceparent?: string): Promise<void> {
  const call = { type: 'track', event: 'Seen', userId: 'traced', messageId };
  const answer = await collector.post('/v1/track', call, traceparent ? { traceparent } : {});
  expect(answer.status).toBe(200);
}

const commitsOf = (customer: string) =>
  until(() => messages.splice(0).some((text) => JSON.parse(text).customers.includes(customer)));
const eventOf = async (id: string) => (await collector.events()).find((event) => event.id === id);

describe('a trace', () => {
  it('is neither begun nor carried on while no endpoint is set', async () => {
    const stop = await startTelemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: undefined }, 'test');
    await send('untraced');
    await until(() => messages.length > 0);
    expect((await eventOf('untraced'))?.tp).toBeUndefined();
    expect(messages.splice(0).filter((text) => text.includes('"tp"'))).toEqual([]);
    await stop();
  });

  it('holds collector, commit and push of one event', async () => {
    const { port } = receiver.address() as AddressInfo;
    const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
    const stop = await startTelemetry(endpoint, 'test');
    await send('traced', `00-${TRACE}-${SENDER}-01`);
    await commitsOf('traced');
    await send('own');
    await commitsOf('traced');
    await send('unsampled', `00-${TRACE}-${SENDER}-00`);
    await commitsOf('traced');
    await stop();

    const way = received.filter(({ traceId }) => traceId === TRACE);
    expect(way.map(({ name }) => name).sort()).toEqual(['collect', 'commit', 'live push']);
    const span = (name: string) => way.find((one) => one.name === name);
    expect(span('collect')?.parentSpanId).toBe(SENDER);
    expect(span('commit')?.parentSpanId).toBe(span('collect')?.spanId);
    expect(span('live push')?.parentSpanId).toBe(span('commit')?.spanId);
    expect((await eventOf('traced'))?.tp).toBe(`00-${TRACE}-${span('collect')?.spanId}-01`);
    expect((await eventOf('unsampled'))?.tp).toBeUndefined();

    // Without a trace of the sender's the collector begins one.
    const own = (await eventOf('own'))?.tp?.split('-')[1];
    const names = received.filter(({ traceId }) => traceId === own).map(({ name }) => name);
    expect(names.sort()).toEqual(['collect', 'commit', 'live push']);
    expect(JSON.stringify(received)).not.toContain('"traced"');
  });
});
