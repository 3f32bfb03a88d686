import { createConnection } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { track } from './testing/calls';
import { type CollectorFixture, collectorFixture, WRITE_KEY } from './testing/collector-fixture';

let collector: CollectorFixture;

beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

describe('a body that is too large', () => {
  const half = 'x'.repeat(600 * 1024);
  it.each([
    ['of stated length', `Content-Length: ${2 * half.length}`, half, half],
    [
      'in chunks',
      'Transfer-Encoding: chunked',
      `${half.length.toString(16)}\r\n${half}\r\n`,
      `${half.length.toString(16)}\r\n${half}\r\n0\r\n\r\n`,
    ],
  ])(
    'is answered when all of it was sent, because few read an answer before: %s',
    async (_, header, first, rest) => {
      const { hostname, port } = new URL(collector.url);
      const socket = createConnection(Number(port), hostname);
      let answer = '';
      socket.on('data', (data) => {
        answer += data;
      });
      await new Promise((resolve) =>
        socket.write(`POST /v1/batch HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n${first}`, resolve),
      );
      // By the time another request was answered, the first half has arrived too.
      await collector.post('/v1/track', track());
      expect(answer).toBe('');
      socket.write(rest);
      await new Promise((resolve) => socket.once('close', resolve));
      expect(answer).toMatch(/^HTTP\/1.1 413 /);
    },
  );
});

describe('a batch of more events than one request may hold', () => {
  const events = (count: number) => Array.from({ length: count }, () => ({}));
  const says = (count: string) =>
    `May hold 5,000 events at most, and holds ${count}. Nothing of it was taken: send it in parts.`;
  const asBatch = { 'content-type': 'application/cloudevents-batch+json' };

  it.each([
    ['of calls', '/v1/batch', { batch: events(5_001) }, {}, 'batch', '5,001'],
    ['of CloudEvents', '/v1/cloudevents', events(6_000), asBatch, '', '6,000'],
  ])(
    'is too large as a whole: it stays with its sender, who is told the limit: %s',
    async (_name, path, body, headers, field, count) => {
      const before = (await collector.deadLetters()).length;
      const answer = await collector.post(path, body, headers);
      const error = { index: 0, field, reason: 'too_large', detail: says(count) };
      expect(answer).toMatchObject({
        status: 413,
        body: { title: 'Too large', success: false, accepted: 0, errors: [error], refused: [error] },
      });
      expect(answer.body.detail).toContain(says(count));
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(await collector.deadLetters()).toHaveLength(before);
      const unknown = await collector.post(path, body, { ...headers, authorization: 'Bearer mw_other' });
      expect(unknown.status).toBe(401);
    },
  );

  it('is one event more than what is taken', async () => {
    const batch = Array.from({ length: 5_000 }, () => ({ type: 'page', userId: 'u-many' }));
    expect(await collector.post('/v1/batch', { batch })).toMatchObject({
      status: 200,
      body: { accepted: 5_000 },
    });
  });
});

describe('a byte order mark', () => {
  const marked = (value: unknown) => Buffer.from(`\uFEFF${JSON.stringify(value)}`);
  const event = (id: string) => ({ specversion: '1.0', id, source: '/shop', type: 'Marked', subject: 'u-1' });
  const bearer = { authorization: `Bearer ${WRITE_KEY}` };
  const binary = (id: string) => ({
    ...{ ...bearer, 'ce-specversion': '1.0', 'ce-id': id, 'ce-source': '/shop', 'ce-type': 'Marked' },
    'ce-subject': 'u-1',
  });
  const cases: [name: string, path: string, body: Uint8Array, headers: Record<string, string>][] = [
    ['a call', '/v1/track', marked(track({ messageId: 'mark-1' })), {}],
    ['a batch', '/v1/batch', marked({ batch: [track({ messageId: 'mark-2' })] }), {}],
    [
      'a packed batch',
      '/v1/batch',
      gzipSync(marked({ batch: [track({ messageId: 'mark-3' })] })),
      { 'content-encoding': 'gzip' },
    ],
    [
      'a batch that brings its key',
      '/v1/batch',
      marked({ writeKey: WRITE_KEY, batch: [track({ messageId: 'mark-4' })] }),
      { authorization: '' },
    ],
    [
      'a structured event',
      '/v1/cloudevents',
      marked(event('mark-5')),
      { ...bearer, 'content-type': 'application/cloudevents+json' },
    ],
    ['an event whose data is JSON', '/v1/cloudevents', marked({ price: 1 }), binary('mark-6')],
    [
      'a transcript',
      '/v1/transcripts/deepgram?userId=u-1&contactId=mark-7',
      marked({ channel: { alternatives: [{ transcript: 'Hello' }] }, start: 0, duration: 1, is_final: true }),
      {},
    ],
  ];
  it.each(cases)('before %s in JSON is no part of it', async (_name, path, body, headers) => {
    expect(await collector.post(path, body, headers)).toMatchObject({ status: 200, body: { accepted: 1 } });
  });

  it('stays in data that is plain text, and is refused where it stands twice', async () => {
    const headers = { ...binary('mark-8'), 'content-type': 'text/plain' };
    expect((await collector.post('/v1/cloudevents', Buffer.from('\uFEFFHello'), headers)).status).toBe(200);
    expect((await collector.eventOf('mark-8')).p).toEqual({ text: '\uFEFFHello' });
    const twice = Buffer.from(`\uFEFF\uFEFF${JSON.stringify(track())}`);
    expect((await collector.post('/v1/track', twice)).status).toBe(400);
  });
});
