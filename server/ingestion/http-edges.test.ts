import { createConnection } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '@/server/platform/until';
import { track } from './testing/calls';
import { type CollectorFixture, collectorFixture, WRITE_KEY } from './testing/collector-fixture';

let collector: CollectorFixture;

beforeAll(async () => {
  collector = await collectorFixture();
});
afterAll(() => collector.close());

const AUTH = `Authorization: Bearer ${WRITE_KEY}`;

/** Sends bytes as they stand and resolves to what came back until the connection closed, or was broken off. */
async function exchange(text: string, breakOff = false): Promise<string> {
  const { hostname, port } = new URL(collector.url);
  const socket = createConnection(Number(port), hostname);
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.write(text, resolve));
  if (breakOff) socket.resetAndDestroy();
  await new Promise((resolve) => socket.once('close', resolve));
  return answer;
}

describe('what HTTP allows', () => {
  it('takes the whole address as the target, as is written for a proxy', async () => {
    const body = JSON.stringify(track({ messageId: 'absolute' }));
    const head = `POST ${collector.url}/v1/track HTTP/1.1\r\nHost: x\r\n${AUTH}\r\nConnection: close`;
    const answer = await exchange(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    await collector.eventOf('absolute');
  });

  it('finds the key behind more than one space', async () => {
    const authorization = `Bearer   ${WRITE_KEY}`;
    expect((await collector.post('/v1/track', track(), { authorization })).status).toBe(200);
  });

  it('asks programs without a key for user and password, and browsers, which would ask people, not', async () => {
    const challengeTo = async (header: string) => {
      const head = `POST /v1/track HTTP/1.1\r\nHost: x\r\n${header}Connection: close\r\nContent-Length: 2\r\n\r\n{}`;
      const answer = await exchange(head);
      expect(answer).toMatch(/^HTTP\/1.1 401 /);
      return /^www-authenticate: (.*?)\r$/im.exec(answer)?.[1];
    };
    const bearer = 'Bearer realm="Millrace"';
    expect(await challengeTo('')).toBe(`Basic realm="Millrace", charset="UTF-8", ${bearer}`);
    expect(await challengeTo('Origin: https://shop.example\r\n')).toBe(bearer);
    expect(await challengeTo('Sec-Fetch-Mode: cors\r\n')).toBe(bearer);
  });

  it('answers HEAD where it answers GET', async () => {
    const settings = `${collector.url}/v1/projects/${WRITE_KEY}/settings`;
    const [head, get] = await Promise.all([fetch(settings, { method: 'HEAD' }), fetch(settings)]);
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(head.headers.get('content-length')).toBe(get.headers.get('content-length'));
    const put = await fetch(settings, { method: 'PUT' });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  });

  it('takes a sender that breaks off for no failure of its own', async () => {
    await exchange(`POST /v1/track HTTP/1.1\r\nHost: x\r\n${AUTH}\r\nContent-Length: 50\r\n\r\n{"a"`, true);
    const isAnswered = async () => (await collector.metrics.metrics()).includes('status="400"');
    await until(isAnswered);
    expect(collector.state.errors).toEqual([]);
  });
});

describe('a CloudEvent', () => {
  const attributes = { 'ce-specversion': '1.0', 'ce-source': '/s', 'ce-type': 'Seen' };

  it('has the values of its headers, in quotes or not', async () => {
    const headers = { ...attributes, 'ce-id': '"quoted \\"id\\""', 'ce-subject': '"Ren%C3%A9"' };
    expect((await collector.post('/v1/cloudevents', {}, headers)).status).toBe(200);
    expect(await collector.eventOf('quoted "id"')).toMatchObject({ c: 'Ren\u00e9' });
  });

  it('says of a subject what is wrong with it', async () => {
    const long = { ...attributes, 'ce-id': '1', 'ce-subject': 'x'.repeat(513) };
    const answer = await collector.post('/v1/cloudevents', {}, long);
    const error = { field: 'subject', detail: 'Must be text of 1 to 512 characters.' };
    expect(answer).toMatchObject({ status: 400, body: { errors: [error] } });
  });

  it('is of the user its data names, whatever its subject is', async () => {
    const order = { ...attributes, 'ce-id': 'of-user', 'ce-subject': 'orders/17' };
    expect((await collector.post('/v1/cloudevents', { userId: 'u-data' }, order)).status).toBe(200);
    expect(await collector.eventOf('of-user')).toMatchObject({ c: 'u-data' });
    const subject = { ...attributes, 'ce-id': 'of-subject', 'ce-subject': 'u-subject' };
    await collector.post('/v1/cloudevents', { userId: '', anonymousId: 'a-data' }, subject);
    expect(await collector.eventOf('of-subject')).toMatchObject({ c: 'u-subject', l: 'a-data' });
    const wrong = await collector.post('/v1/cloudevents', { userId: {} }, order);
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ field: 'data.userId' }] } });
  });

  it('has data of bytes that are JSON', async () => {
    const data_base64 = Buffer.from('{"price":3}').toString('base64');
    const event = { specversion: '1.0', id: 'bytes', source: '/s', type: 'Seen', subject: 'u', data_base64 };
    const type = { 'content-type': 'application/cloudevents+json' };
    expect((await collector.post('/v1/cloudevents', event, type)).status).toBe(200);
    expect(await collector.eventOf('bytes')).toMatchObject({ p: { price: 3 } });
  });
});

describe('the total of a refund', () => {
  it.each([
    [-12.5, 12.5],
    ['-12.50', '12.50'],
    [12.5, 12.5],
  ])('is what was paid back, without a sign: %s', async (total, kept) => {
    const call = track({ event: 'Order Refunded', properties: { order_id: 'o', revenue: total } });
    expect(await collector.post('/v1/track', call)).toMatchObject({ status: 200 });
    expect((await collector.eventOf(call.messageId))?.p).toMatchObject({ total: kept });
  });
});

describe('an order whose total is wrong', () => {
  it.each(['total', 'revenue', 'value'])('is refused by the name it was sent by: %s', async (name) => {
    const order = track({ event: 'Order Completed', properties: { [name]: 'much' } });
    const answer = await collector.post('/v1/track', order);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: `properties.${name}` }] } });
  });
});
