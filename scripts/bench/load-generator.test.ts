import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { BATCH, type LoadOptions } from './load-options';
import { load } from './processes';

interface Taken {
  key: string;
  at: number;
  ids: string[];
  customers: string[];
  times: number[];
}

const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A stand-in for a collector at the other end of a socket: it answers the n-th request as told, and keeps what came. */
async function collector(answer: (request: number) => { status: number; retryAfter?: string }) {
  const requests: Taken[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { batch } = JSON.parse(Buffer.concat(chunks).toString()) as {
        batch: { messageId: string; userId: string; timestamp: string }[];
      };
      const key = Buffer.from(
        request.headers.authorization?.slice('Basic '.length) ?? '',
        'base64',
      ).toString();
      requests.push({
        key: key.slice(0, -1),
        at: Date.now(),
        ids: batch.map(({ messageId }) => messageId),
        customers: batch.map(({ userId }) => userId),
        times: batch.map(({ timestamp }) => Date.parse(timestamp)),
      });
      const { status, retryAfter } = answer(requests.length);
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end('{}');
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = (options: Partial<LoadOptions>) =>
    load({ url, writeKey: 'a', seconds: 30, connections: 1, rate: 0, ...options });
  return { requests, send };
}

describe('the load generator', () => {
  it('sends what was turned away again, not before it was told to, and counts it', async () => {
    const { requests, send } = await collector((request) =>
      request === 1 ? { status: 429, retryAfter: '1' } : { status: 200 },
    );
    const figures = await send({ events: BATCH });
    const [first, second] = requests as [Taken, Taken];
    expect(requests).toHaveLength(2);
    expect(second.ids).toEqual(first.ids);
    expect(second.at - first.at).toBeGreaterThanOrEqual(990);
    expect(figures).toMatchObject({
      accepted: BATCH,
      turnedAway: 1,
      retried: 1,
      sent: 2 * BATCH,
      unknown: 0,
    });
    expect(figures.ackMs.max).toBeGreaterThanOrEqual(990);
    expect(figures.answerMs.max).toBeLessThan(figures.ackMs.max - 900);
  });

  it('gives up at the end, and knows what it does not know', async () => {
    const turnsAway = await collector(() => ({ status: 429, retryAfter: '60' }));
    const refused = await turnsAway.send({ seconds: 1, rate: 500, givesUp: true });
    expect(refused).toMatchObject({ accepted: 0, turnedAway: 1, unknown: 0, offered: 500 });
    const fails = await collector(() => ({ status: 503, retryAfter: '60' }));
    const failed = await fails.send({ seconds: 1, givesUp: true });
    expect(failed).toMatchObject({ accepted: 0, turnedAway: 0, unknown: BATCH });
  });

  it('shares its batches out among the write keys', async () => {
    const { requests, send } = await collector(() => ({ status: 200 }));
    await send({ writeKey: ['a', 'b', 'c'], events: 6 * BATCH });
    expect(requests.map(({ key }) => key)).toEqual(['a', 'b', 'c', 'a', 'b', 'c']);
  });

  it('takes customers in turn, and times from before when it is told to', async () => {
    const { requests, send } = await collector(() => ({ status: 200 }));
    const agoMs = 3_600_000;
    await send({ customers: 2 * BATCH, events: 2 * BATCH, inTurn: true, agoMs, timeFactor: 20 });
    expect(new Set(requests.flatMap(({ customers }) => customers)).size).toBe(2 * BATCH);
    for (const { at, times } of requests) {
      expect(times[0]).toBeLessThan(at - agoMs / 2);
      expect(times[0]).toBeGreaterThanOrEqual(at - agoMs - 60_000);
    }
  });
});
