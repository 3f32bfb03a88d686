import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@/server/platform/until';
import { type CollectorFixture, collectorFixture, SOURCE } from './testing/collector-fixture';

let collector: CollectorFixture;
let counter = 0;

beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

const track = (fields: Record<string, unknown> = {}) => ({
  type: 'track',
  event: 'Tested',
  userId: 'u-1',
  messageId: `m-${counter++}`,
  ...fields,
});
const add = (properties: Record<string, unknown>) => track({ event: 'Product Added', properties });

async function eventOf(messageId: string) {
  const found = (await collector.events()).filter(({ id }) => id === messageId);
  expect(found).toHaveLength(1);
  return found[0];
}

describe('what is taken', () => {
  it('answers 200 once the event is in the log', async () => {
    const call = track({ properties: { a: 1 }, context: { library: { name: 'analytics.js' } } });
    const answer = await collector.post('/v1/track', call);
    expect(answer).toMatchObject({ status: 200, body: { success: true, accepted: 1, refused: [] } });
    expect(await eventOf(call.messageId)).toMatchObject({
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
    ] as const;
    for (const [route, call, expected] of calls) {
      const messageId = `call-${route}`;
      expect(await collector.post(`/v1/${route}`, { ...call, messageId })).toMatchObject({ status: 200 });
      expect(await eventOf(messageId)).toMatchObject({ y: route, ...expected });
    }
  });

  it('takes a key in the body, on the short paths the browser uses, as plain text', async () => {
    const headers = { authorization: '', 'content-type': 'text/plain' };
    const answer = await collector.post('/v1/t', { ...track(), writeKey: 'mw_test' }, headers);
    expect(answer.status).toBe(200);
    const batch = { batch: [{ ...track(), writeKey: 'mw_test' }] };
    expect((await collector.post('/v1/b', batch, headers)).status).toBe(200);
  });

  it('counts a repeat as accepted and keeps it as an attempt', async () => {
    const call = track();
    await collector.post('/v1/track', call);
    expect((await collector.post('/v1/track', call)).body).toMatchObject({ accepted: 1, refused: [] });
    const ofIt = (await collector.records()).filter(
      (record) => 'id' in record && record.id === call.messageId,
    );
    expect(ofIt.map(({ k }) => k)).toEqual(['e', 'd']);
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
    const answer = await collector.post('/v1/batch', body, { 'content-encoding': 'gzip' });
    expect(answer).toMatchObject({ status: 200, body: { accepted: 1 } });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const preflight = await fetch(`${collector.url}/v1/batch`, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
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
    expect((await eventOf(call.messageId))?.t).toBe(Date.UTC(2020, 6, 30, 23, 17, 36));
    const eightDays = track({ timestamp: at(Date.now() - 8 * 86_400_000) });
    expect((await collector.post('/v1/track', eightDays)).status).toBe(200);
  });

  it('corrects a clock that is two hours off, and leaves one that is seconds off', async () => {
    const now = Date.now();
    const ahead = track({ timestamp: at(now + 7_200_000 - 1_000), sentAt: at(now + 7_200_000) });
    const close = track({ timestamp: at(now - 40_000), sentAt: at(now - 30_000) });
    await collector.post('/v1/track', ahead);
    await collector.post('/v1/batch', { batch: [close], sentAt: at(now - 30_000) });
    expect(Math.abs(((await eventOf(ahead.messageId))?.t ?? 0) - (now - 1_000))).toBeLessThan(1_000);
    expect((await eventOf(close.messageId))?.t).toBe(now - 40_000);
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

describe('bad input', () => {
  const deep = `{"event":"x","userId":"u","properties":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`;
  const million = JSON.stringify({
    ...track(),
    properties: Object.fromEntries(Array.from({ length: 1e6 }, (_, i) => [`k${i}`, 1])),
  });
  const cases: [name: string, body: unknown, status: number, reason?: string, field?: string][] = [
    ['broken JSON', '{"event":"x', 400, 'malformed'],
    ['bytes that are not UTF-8', new Uint8Array([123, 34, 255, 34, 125]), 400, 'malformed'],
    ['no object', '7', 400, 'invalid'],
    ['a name of the wrong type', track({ event: 7 }), 400, 'invalid', 'event'],
    ['a user id of the wrong type', track({ userId: { a: 1 } }), 400, 'invalid', 'userId'],
    ['nobody', track({ userId: undefined }), 400, 'invalid', 'userId'],
    ['a date that is none', track({ timestamp: 'yesterday' }), 400, 'invalid', 'timestamp'],
    ['properties that are a list', track({ properties: [1] }), 400, 'invalid', 'properties'],
    ['a message id of the wrong type', track({ messageId: {} }), 400, 'invalid', 'messageId'],
    ['33 KB in one event', track({ properties: { a: 'x'.repeat(33 * 1024) } }), 400, 'too_large'],
    ['more than 500 KB', `{"batch":[${'['.repeat(501 * 1024)}`, 413],
    ['a million keys', million, 413],
    [
      'two thousand keys',
      track({ properties: Object.fromEntries(Array.from({ length: 2_000 }, (_, i) => [`k${i}`, 1])) }),
      400,
      'too_complex',
    ],
    ['a hundred thousand levels', deep, 400, 'too_complex'],
    [
      'a NUL character',
      '{"event":"x","userId":"u","properties":{"a":"\\u0000"}}',
      400,
      'unsafe_text',
      'properties.a',
    ],
    [
      'half a surrogate pair',
      '{"event":"x","userId":"u","properties":{"a":"\\ud83d"}}',
      400,
      'unsafe_text',
      'properties.a',
    ],
    ['__proto__', '{"event":"x","userId":"u","properties":{"__proto__":{"admin":true}}}', 400, 'unsafe_key'],
    [
      '__proto__ in escapes',
      '{"event":"x","userId":"u","properties":{"\\u005f_proto__":{"admin":true}}}',
      400,
      'unsafe_key',
    ],
    [
      'constructor.prototype',
      '{"event":"x","userId":"u","traits":{"constructor":{"prototype":{}}}}',
      400,
      'unsafe_key',
    ],
    ['a quantity of 0', add({ quantity: 0 }), 400, 'invalid', 'properties.quantity'],
    ['a negative price', add({ price: -1 }), 400, 'invalid', 'properties.price'],
    ['a price that is no number', add({ price: 'free' }), 400, 'invalid', 'properties.price'],
  ];
  it.each(cases)('%s', async (_name, body, status, reason, field) => {
    const before = (await collector.deadLetters()).length;
    const answer = await collector.post('/v1/track', body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    if (reason === undefined) return;
    expect(answer.body.errors[0]).toMatchObject({ index: 0, reason, ...(field ? { field } : {}) });
    const letters = await collector.deadLetters();
    expect(letters).toHaveLength(before + 1);
    expect(letters.at(-1)).toMatchObject({ reason, s: 'src_test' });
    expect(Object.prototype).not.toHaveProperty('admin');
  });

  it('refuses a gzip bomb after unpacking no more than the limit', async () => {
    const bomb = new Uint8Array(gzipSync(Buffer.alloc(200_000_000, ' ')));
    expect((await collector.post('/v1/batch', bomb, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  it('takes the good ones of a mixed batch and lists the bad ones by index', async () => {
    const good = track();
    const batch = [
      good,
      track({ event: '' }),
      add({ price: -1 }),
      track({ timestamp: '2999-01-01T00:00:00Z' }),
    ];
    const answer = await collector.post('/v1/batch', { batch });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        success: true,
        accepted: 1,
        refused: [{ index: 1 }, { index: 2 }, { index: 3, reason: 'future' }],
      },
    });
    await eventOf(good.messageId);
  });

  it('answers 400 for a batch with nothing good, 401 without a known key', async () => {
    const answer = await collector.post('/v1/batch', { batch: [track({ event: 1 }), track({ userId: [] })] });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ index: 0 }, { index: 1 }] } });
    for (const authorization of ['', 'Basic bm9ib2R5Og==', 'Bearer mw_other']) {
      expect((await collector.post('/v1/track', track(), { authorization })).status).toBe(401);
    }
  });

  it('seals what it refuses and masks what it shows', async () => {
    const call = track({
      event: 7,
      properties: { email: 'mara.okafor@example.com', note: 'call +49 170 1234567', ip: '10.0.0.1' },
    });
    await collector.post('/v1/track', call);
    const letter = (await collector.deadLetters()).find(({ id }) => id === call.messageId);
    expect(letter?.sample).not.toMatch(/okafor|1234567/);
    const opened = JSON.parse(
      collector.seal.open(Buffer.from(letter?.sealed ?? '', 'base64'), SOURCE.workspaceId),
    );
    expect(opened).toMatchObject({ form: 'segment', type: 'track', event: call });
    expect(() => collector.seal.open(Buffer.from(letter?.sealed ?? '', 'base64'), 'ws_other')).toThrow();
  });

  it('cuts off a sender that is too slow', async () => {
    const socket = createConnection(collector.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"ev');
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await closed;
    expect((await collector.post('/v1/track', track())).status).toBe(200);
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
    await eventOf(call.messageId);
  });

  it('answers 503 while Redis is away; a retry is taken once', async () => {
    const call = track();
    await collector.server.kill();
    const answer = await collector.post('/v1/track', call);
    expect(answer.status).toBe(503);
    await collector.server.restart();
    await until(async () => (await collector.post('/v1/track', call)).status === 200);
    await collector.post('/v1/track', call);
    await eventOf(call.messageId);
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
