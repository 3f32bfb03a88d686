import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@/server/platform/until';
import { track, turn } from './testing/calls';
import { type CollectorFixture, collectorFixture } from './testing/collector-fixture';

let collector: CollectorFixture;

beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

describe('what is taken', () => {
  it('answers 200 once the event is in the log', async () => {
    const call = track({ properties: { a: 1 }, context: { library: { name: 'analytics.js' } } });
    const answer = await collector.post('/v1/track', call);
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 1, refused: [] } });
    expect(await collector.eventOf(call.messageId)).toMatchObject({
      c: 'u-1',
      s: 'src_test',
      pl: 'web',
      n: 'Tested',
      p: { a: 1 },
    });
  });

  it('takes every call of the tracking API and keys its customer', async () => {
    const calls = [
      [
        'identify',
        { userId: 'a', anonymousId: 'x', traits: { plan: 'plus' } },
        { c: 'a', l: 'x', p: { plan: 'plus' } },
      ],
      ['page', { anonymousId: 'x', name: 'Home', properties: { path: '/' } }, { c: 'x', n: 'Home' }],
      ['screen', { anonymousId: 'x' }, { c: 'x', n: 'screen' }],
      ['group', { userId: 'a', groupId: 'g', traits: { size: 3 } }, { c: 'a', p: { size: 3, groupId: 'g' } }],
      ['alias', { userId: 'a', previousId: 'old' }, { c: 'a', l: 'old' }],
      ['alias', { userId: 'a', previousId: 'old', anonymousId: 'x' }, { c: 'a', l: 'old', l2: 'x' }],
      ['alias', { userId: 'a', previousId: 'a', anonymousId: 'x' }, { c: 'a', l: 'x' }],
      ['alias', { userId: 'a', previousId: 'x', anonymousId: 'x' }, { c: 'a', l: 'x' }],
    ] as const;
    for (const [index, [route, call, expected]] of calls.entries()) {
      const messageId = `call-${index}`;
      expect(await collector.post(`/v1/${route}`, { ...call, messageId })).toMatchObject({ status: 200 });
      expect(await collector.eventOf(messageId)).toMatchObject({ y: route, ...expected });
    }
  });

  it('takes a key in the body, on the short paths the browser uses, as plain text', async () => {
    const headers = { authorization: '', 'content-type': 'text/plain' };
    const answer = await collector.post('/v1/t', { ...track(), writeKey: 'mw_test' }, headers);
    expect(answer.status).toBe(200);
    const batch = { batch: [{ ...track(), writeKey: 'mw_test' }] };
    expect((await collector.post('/v1/b', batch, headers)).status).toBe(200);
  });

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    'takes an event of the name %s like any other',
    async (event) => {
      const call = track({ event });
      expect(await collector.post('/v1/track', call)).toMatchObject({ status: 200, body: { accepted: 1 } });
      expect(await collector.eventOf(call.messageId)).toMatchObject({ n: event });
    },
  );

  it('counts a repeat as accepted and keeps it as an attempt', async () => {
    const call = track();
    await collector.post('/v1/track', call);
    expect((await collector.post('/v1/track', call)).body).toMatchObject({ accepted: 1, refused: [] });
    const ofIt = (await collector.records()).filter(
      (record) => 'id' in record && record.id === call.messageId,
    );
    expect(ofIt.map(({ k }) => k)).toEqual(['e', 'd']);
  });

  it('keeps a call whose message id has two lines apart from the event of that source and id', async () => {
    const event = { specversion: '1.0', id: 'b', source: '/a', type: 'Lined', subject: 'u-lined' };
    const headers = { 'content-type': 'application/cloudevents+json' };
    const call = track({ userId: 'u-lined', messageId: '/a\nb' });
    for (let time = 0; time < 2; time += 1) {
      expect((await collector.post('/v1/cloudevents', event, headers)).status).toBe(200);
      expect((await collector.post('/v1/track', call)).status).toBe(200);
    }
    const ids = (await collector.events()).filter(({ c }) => c === 'u-lined').map(({ id }) => id);
    expect(ids.sort()).toEqual(['/a\nb', 'b']);
  });

  it('takes each event once from concurrent producers that send the same', async () => {
    const batch = Array.from({ length: 300 }, (_, i) =>
      track({ messageId: `twice-${i}`, userId: `u-${i % 7}` }),
    );
    const answers = await Promise.all(
      [0, 1, 2, 3].flatMap(() =>
        [0, 100, 200].map((at) => collector.post('/v1/batch', { batch: batch.slice(at, at + 100) })),
      ),
    );
    expect(answers.every(({ body }) => body.accepted === 100)).toBe(true);
    const kept = (await collector.events()).filter(({ id }) => id.startsWith('twice-'));
    expect(kept).toHaveLength(300);
  });

  it('unpacks gzip, makes missing ids, and answers browsers of any origin', async () => {
    const body = collector.gzip({ batch: [{ ...track(), messageId: undefined }] });
    const answer = await collector.post('/v1/batch', body, { 'content-encoding': 'GZIP' });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(`${collector.url}/v1/batch`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
  });

  it('takes the turns of a call, with what is not said of them left out', async () => {
    const bare = turn({ turnId: undefined, beginMs: undefined, endMs: undefined, isFinal: undefined });
    for (const call of [turn({}), turn({ turnId: 7, participant: 'agent' }), bare]) {
      expect(await collector.post('/v1/track', call)).toMatchObject({ status: 200 });
    }
  });

  it('takes 10,000 different event names', async () => {
    for (let at = 0; at < 10_000; at += 2_500) {
      const batch = Array.from({ length: 2_500 }, (_, i) => ({ ...track(), event: `Name ${at + i}` }));
      expect((await collector.post('/v1/batch', { batch })).body.accepted).toBe(2_500);
    }
  });
});

describe('event time', () => {
  const at = (ms: number) => new Date(ms).toISOString();

  it('takes old events at their own time', async () => {
    const call = track({ timestamp: '2020-07-30T23:17:36' });
    await collector.post('/v1/track', call);
    expect((await collector.eventOf(call.messageId))?.t).toBe(Date.UTC(2020, 6, 30, 23, 17, 36));
    const beforeEpoch = track({ timestamp: '1965-03-01T10:00:00Z' });
    await collector.post('/v1/track', beforeEpoch);
    expect((await collector.eventOf(beforeEpoch.messageId))?.t).toBe(Date.UTC(1965, 2, 1, 10));
    const eightDays = track({ timestamp: at(Date.now() - 8 * 86_400_000) });
    expect((await collector.post('/v1/track', eightDays)).status).toBe(200);
  });

  it('takes the letters of RFC 3339 in either case', async () => {
    for (const time of ['2026-01-02t03:04:05z', '2026-01-02t03:04:05.000Z', '2026-01-02T04:04:05+01:00']) {
      const call = track({ timestamp: time });
      expect((await collector.post('/v1/track', call)).status).toBe(200);
      expect((await collector.eventOf(call.messageId)).t).toBe(Date.UTC(2026, 0, 2, 3, 4, 5));
    }
    const leapDay = track({ timestamp: '2024-02-29T00:00:00.000Z' });
    await collector.post('/v1/track', leapDay);
    expect((await collector.eventOf(leapDay.messageId)).t).toBe(Date.UTC(2024, 1, 29));
  });

  it('corrects a clock that is two hours off, and leaves one that is seconds off', async () => {
    const now = Date.now();
    collector.state.now = () => now;
    const ahead = track({ timestamp: at(now + 7_200_000 - 1_000), sentAt: at(now + 7_200_000) });
    const close = track({ timestamp: at(now - 40_000), sentAt: at(now - 30_000) });
    await collector.post('/v1/track', ahead);
    await collector.post('/v1/batch', { batch: [close], sentAt: at(now - 30_000) });
    collector.state.now = Date.now;
    expect((await collector.eventOf(ahead.messageId)).t).toBe(now - 1_000);
    expect((await collector.eventOf(close.messageId)).t).toBe(now - 40_000);
  });

  it('makes an event of the future a dead letter', async () => {
    const call = track({ timestamp: at(Date.now() + 6 * 60_000) });
    const answer = await collector.post('/v1/track', call);
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ index: 0, field: 'timestamp', reason: 'future' }] },
    });
    const soon = track({ timestamp: at(Date.now() + 4 * 60_000) });
    expect((await collector.post('/v1/track', soon)).status).toBe(200);
    const letter = (await collector.deadLetters()).find(({ id }) => id === call.messageId);
    expect(letter).toMatchObject({ reason: 'future', s: 'src_test' });
  });
});

describe('when it cannot take', () => {
  it('answers 503 with Retry-After while the log refuses, and nothing is half taken', async () => {
    collector.state.refusal = 'The disk of the event log is nearly full.';
    const call = track();
    const answer = await collector.post('/v1/track', call);
    collector.state.refusal = null;
    expect(answer).toMatchObject({
      status: 503,
      body: { detail: 'The disk of the event log is nearly full.' },
    });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await collector.post('/v1/track', call)).status).toBe(200);
    await collector.eventOf(call.messageId);
  });

  it('answers 503 while Redis is away; a retry is taken once', async () => {
    const call = track();
    await collector.server.kill();
    const answer = await collector.post('/v1/track', call);
    expect(answer.status).toBe(503);
    await collector.server.restart();
    await until(async () => (await collector.post('/v1/track', call)).status === 200);
    await collector.post('/v1/track', call);
    await collector.eventOf(call.messageId);
  });

  it('limits the rate of a source', async () => {
    const slow = await collectorFixture({ eventsPerSec: 10 });
    let now = Date.now();
    slow.state.now = () => now;
    const batch = { batch: Array.from({ length: 20 }, () => track()) };
    expect((await slow.post('/v1/batch', batch)).status).toBe(200);
    const limited = await slow.post('/v1/batch', batch);
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    now += 2_000;
    expect((await slow.post('/v1/batch', batch)).status).toBe(200);
    await slow.close();
  });
});
