import { Analytics } from '@segment/analytics-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { offsetKey } from '@/server/event-log';
import { readRefusals } from '@/server/scaling/lag-gate.connector';
import { track } from './testing/calls';
import {
  type Answered,
  type CollectorFixture,
  collectorFixture,
  SOURCE,
  WRITE_KEY,
} from './testing/collector-fixture';

const BOUND = 5;
const BATCH = 40;
/** Events a second that the processors do. */
const DONE = 20;

let collector: CollectorFixture;
let now = Date.now();

beforeAll(async () => {
  collector = await collectorFixture({ partitions: 1 }, BOUND);
  collector.state.now = () => now;
});
afterAll(() => collector.close());

const batchOf = (size = BATCH) => ({ batch: Array.from({ length: size }, () => track()) });
const appended = async () => Number(await collector.redis.get(`{${SOURCE.shardId}.0}:n`));
const told = () => readRefusals(collector.queueRedis, [SOURCE.shardId], now);

/** What the processors leave behind when they have done so many more. */
async function process(events: number): Promise<void> {
  const key = offsetKey(SOURCE.shardId, 0, 'main');
  const done = Number((await collector.redis.hget(key, 'n')) ?? 0);
  await collector.redis.hset(key, 'n', Math.min(await appended(), done + events));
}

/** Seconds in each of which so many requests come, and so many events are done. @returns their statuses */
async function pass(seconds: number, requests: number, done = DONE): Promise<number[]> {
  const statuses: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    for (let request = 0; request < requests; request += 1)
      statuses.push((await collector.post('/v1/batch', batchOf())).status);
    await process(done);
    now += 1_000;
    await collector.readLag();
  }
  return statuses;
}

/** Sends until what may come in is used up. */
async function refusal(): Promise<Answered> {
  for (;;) {
    const answer = await collector.post('/v1/batch', batchOf());
    if (answer.status !== 200) return answer;
  }
}

describe('while processors are too far behind', () => {
  it('takes everything first, then answers a part 429, of which nothing is in the log', async () => {
    expect(new Set(await pass(8, 2))).toEqual(new Set([200]));
    const statuses = await pass(30, 2);
    expect(statuses).toContain(429);
    const before = await appended();
    const later = await pass(20, 2);
    const taken = later.filter((status) => status === 200).length;
    expect((await appended()) - before).toBe(taken * BATCH);
    expect((taken * BATCH) / (20 * DONE)).toBeGreaterThan(0.8);
    expect((taken * BATCH) / (20 * DONE)).toBeLessThan(1.2);
  });

  it('says when to come again, before it looks at what was sent', async () => {
    const answer = await refusal();
    expect(answer).toMatchObject({
      status: 429,
      body: { status: 429, title: 'Too many events', detail: expect.stringContaining('send it again') },
    });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await collector.post('/v1/batch', 'no JSON')).status).toBe(429);
    const inBody = { ...track(), writeKey: WRITE_KEY };
    expect((await collector.post('/v1/t', inBody, { authorization: '' })).status).toBe(429);
    const stranger = { authorization: `Basic ${Buffer.from('mw_other:').toString('base64')}` };
    expect((await collector.post('/v1/batch', batchOf(), stranger)).status).toBe(401);
  });

  it('tells what it refuses, and counts it', async () => {
    await pass(1, 2);
    expect(await told()).toMatchObject({
      refused: expect.any(Number),
      since: expect.any(Number),
      behindSeconds: BOUND,
    });
    expect((await told())?.share).toBeGreaterThan(0.3);
    const metrics = await collector.metrics.metrics();
    expect(metrics).toMatch(/millrace_collector_shed_requests_total(\{.*\})? [1-9]/);
    expect(metrics).toMatch(/millrace_collector_shed_bytes_total(\{.*\})? [1-9]/);
  });

  it('keeps nothing from a client of its maker that sends again when asked', async () => {
    await refusal();
    const analytics = new Analytics({ writeKey: WRITE_KEY, host: collector.url, maxEventsInBatch: 10 });
    const failures: unknown[] = [];
    const answers: number[] = [];
    analytics.on('error', (error) => failures.push(error));
    analytics.on('http_response', ({ status }) => answers.push(status));
    for (let i = 0; i < 10; i += 1) analytics.track({ userId: 'kept', event: `Kept ${i}` });
    const closed = analytics.closeAndFlush({ timeout: 60_000 });
    // The sender waits by its own clock, and meanwhile ours goes on as well.
    const ours = setInterval(() => {
      now += 500;
    }, 500);
    await closed;
    clearInterval(ours);
    expect(answers).toContain(429);
    expect(failures).toEqual([]);
    expect((await collector.events()).filter(({ c }) => c === 'kept')).toHaveLength(10);
  });

  it('takes everything again once the backlog is gone', async () => {
    await pass(30, 0, 1_000);
    expect(new Set(await pass(10, 2, 1_000))).toEqual(new Set([200]));
    now += 5_000;
    expect(await told()).toBeNull();
  });

  it('refuses nothing while the processors stand still', async () => {
    expect(new Set(await pass(30, 2, 0))).toEqual(new Set([200]));
  });
});
