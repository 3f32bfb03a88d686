import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { add, track, turn } from './testing/calls';
import { type CollectorFixture, collectorFixture, SOURCE, WRITE_KEY } from './testing/collector-fixture';

let collector: CollectorFixture;

beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

const WEBVTT = 'WEBVTT\n\n00:00.000 --> 00:01.000\n<v Customer>Hello\n';

const bomb = new Uint8Array(gzipSync(Buffer.alloc(200_000_000, ' ')));

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
    ['a day that is not in the calendar', track({ timestamp: '2026-02-30' }), 400, 'invalid', 'timestamp'],
    ['such a day to the ms', track({ timestamp: '2023-02-29T10:00:00.000Z' }), 400, 'invalid', 'timestamp'],
    ['the year 50', track({ timestamp: '0050-01-01T00:00:00.000Z' }), 400, 'invalid', 'timestamp'],
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
    ['a turn of no contact', turn({ contactId: undefined }), 400, 'invalid', 'properties.contactId'],
    ['a turn of a stranger', turn({ participant: 'alien' }), 400, 'invalid', 'properties.participant'],
    ['a turn whose text is none', turn({ text: 3 }), 400, 'invalid', 'properties.text'],
    ['a turn that begins nowhere', turn({ beginMs: '0' }), 400, 'invalid', 'properties.beginMs'],
    ['a turn that ends before all', turn({ endMs: -1 }), 400, 'invalid', 'properties.endMs'],
    ['a turn final in words', turn({ isFinal: 'yes' }), 400, 'invalid', 'properties.isFinal'],
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

  it.each([
    ['as it is', 'x', []],
    ['beside an escape', '\u00e9', []],
    [
      'in a large body',
      'x',
      Array.from({ length: 9 }, () => track({ properties: { a: 'x'.repeat(5_000) } })),
    ],
  ])('takes properties of 16 levels and of a thousand keys: %s', async (_name, a, others) => {
    const levels = JSON.parse(`${'{"a":'.repeat(16)}1${'}'.repeat(16)}`);
    const keys = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, 1]));
    const context = { device: { type: 'ios' }, a };
    const batch = [levels, keys].map((properties) => track({ properties, context }));
    const text = JSON.stringify({ batch: [...batch, ...others] }).replaceAll('\u00e9', '\\u00e9');
    const answer = await collector.post('/v1/batch', text);
    expect(answer.body).toMatchObject({ accepted: 2 + others.length, refused: [] });
    const deeper = { a: levels };
    const refused = await collector.post('/v1/batch', { batch: [track({ properties: deeper }), ...others] });
    expect(JSON.stringify(refused.body)).toContain('"too_complex"');
  });

  it('refuses a NUL that stands in a header or in the address, by field', async () => {
    const headers = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/s', 'ce-type': 'Seen' };
    const event = await collector.post('/v1/cloudevents', {}, { ...headers, 'ce-subject': 'a%00b' });
    expect(event).toMatchObject({
      status: 400,
      body: { errors: [{ reason: 'unsafe_text', field: 'subject' }] },
    });
    const said = await collector.post('/v1/transcripts/webvtt?userId=a%00b&contactId=c', WEBVTT);
    expect(said).toMatchObject({
      status: 400,
      body: { errors: [{ reason: 'unsafe_text', field: 'userId' }] },
    });
  });

  it('keeps the id of a refused event that is a number', async () => {
    expect((await collector.post('/v1/track', track({ event: '', messageId: 7_700 }))).status).toBe(400);
    expect((await collector.deadLetters()).at(-1)).toMatchObject({ id: '7700' });
  });

  it('refuses to add goods by the million, and lets as many be removed as there may be', async () => {
    const quantity = 1_000_000;
    const answer = await collector.post('/v1/track', add({ quantity }));
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'properties.quantity' }] } });
    const removed = track({ event: 'Product Removed', properties: { product_id: 'p', quantity } });
    expect((await collector.post('/v1/track', removed)).status).toBe(200);
  });

  it('refuses a gzip bomb after unpacking no more than the limit', async () => {
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
    await collector.eventOf(good.messageId);
  });

  it('says which method a path takes, and that a batch must hold something', async () => {
    const got = await fetch(`http://127.0.0.1:${collector.port}/v1/track`);
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    const type = { 'content-type': 'application/cloudevents-batch+json' };
    const empty = await collector.post('/v1/cloudevents', [], type);
    expect(empty).toMatchObject({ status: 400, body: { errors: [{ index: 0, reason: 'malformed' }] } });
    const noDay = await collector.post('/v1/transcripts/webvtt?userId=u&startedAt=2026-02-30', 'WEBVTT');
    expect(noDay).toMatchObject({ status: 400, body: { errors: [{ field: 'startedAt' }] } });
  });

  it.each([
    ['contact-lens', { Segments: [] }, 'Segments'],
    ['contact-lens', { Segments: [{ Categories: {} }] }, 'Segments'],
    ['contact-lens', { Transcript: [] }, 'Transcript'],
    ['contact-lens', {}, 'Segments'],
    ['contact-lens', { Segments: [{ Transcript: { Content: 7 } }] }, 'Segments.0.Transcript.Content'],
    ['transcribe', { Transcript: { Results: [] } }, 'Transcript.Results'],
    ['transcribe', { results: { items: [] } }, 'results.items'],
    ['transcribe', { results: { audio_segments: [] } }, 'results.audio_segments'],
    ['transcribe', {}, 'Transcript.Results'],
    ['deepgram', { results: { utterances: [] } }, 'results.utterances'],
    ['deepgram', { results: {} }, 'results.channels'],
    ['deepgram', {}, 'channel'],
    ['webvtt', 'WEBVTT\n', 'cues'],
    ['webvtt', 'WEBVTT\n\nsoon --> later\nx', 'cues.0'],
    ['webvtt', 'hello', ''],
    ['deepgram', '{', ''],
  ])('refuses a transcript of %s that holds no turn, by field: %j', async (shape, body, field) => {
    const before = (await collector.deadLetters()).length;
    const answer = await collector.post(`/v1/transcripts/${shape}?userId=u&contactId=c`, body);
    const error = { index: 0, field, reason: 'malformed' };
    expect(answer).toMatchObject({ status: 400, body: { errors: [error] } });
    expect((await collector.deadLetters()).slice(before)).toMatchObject([{ reason: 'malformed' }]);
  });

  it('refuses a transcript that names no contact', async () => {
    const answer = await collector.post('/v1/transcripts/webvtt?userId=u', WEBVTT);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'contactId' }] } });
  });

  it('answers 400 for a batch with nothing good, 401 without a known key', async () => {
    const answer = await collector.post('/v1/batch', { batch: [track({ event: 1 }), track({ userId: [] })] });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ index: 0 }, { index: 1 }] } });
    for (const authorization of ['', 'Basic bm9ib2R5Og==', 'Bearer mw_other']) {
      expect((await collector.post('/v1/track', track(), { authorization })).status).toBe(401);
    }
  });

  it.each([
    ['a transcript that is no JSON', '/v1/transcripts/webvtt?userId=u&contactId=c', WEBVTT, ''],
    ['an event whose data is text', '/v1/cloudevents', 'Hello', 'text/plain'],
    ['an event without data', '/v1/cloudevents', '', 'text/plain'],
    ['batches in batches', '/v1/batch', `${'{"batch":['.repeat(40_000)}1${']}'.repeat(40_000)}`, ''],
    ['a batch in a batch with a key', '/v1/batch', { batch: [{ batch: [{ writeKey: WRITE_KEY }] }] }, ''],
  ])('answers 401 without a key to %s', async (_name, path, body, type) => {
    const headers = { authorization: '', ...(type === '' ? {} : { 'content-type': type }) };
    expect((await collector.post(path, body, headers)).status).toBe(401);
    expect(collector.state.errors).toEqual([]);
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
    const unhurry = collector.hurry(500, 800);
    const socket = createConnection(collector.port, '127.0.0.1');
    const cutOff = new Promise((resolve) => socket.on('close', resolve));
    socket.on('error', () => undefined);
    socket.resume();
    socket.write('POST /v1/track HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"ev');
    await cutOff;
    unhurry();
    expect((await collector.post('/v1/track', track())).status).toBe(200);
  });
});
