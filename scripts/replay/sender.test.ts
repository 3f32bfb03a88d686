import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Sender } from './sender';

const REFUSED = [{ index: 1, reason: 'invalid', field: 'event', detail: 'Must be text.' }];

const collector = createServer((request, response) => {
  request.resume().on('end', () => response.end(JSON.stringify({ accepted: 1, refused: REFUSED })));
});
beforeAll(() => new Promise<void>((resolve) => collector.listen(0, resolve)));
afterAll(() => new Promise((resolve) => collector.close(resolve)));

it('tells of the first refusal why, and where in the event', async () => {
  const { port } = collector.address() as AddressInfo;
  const sender = new Sender({ url: `http://localhost:${port}`, writeKey: 'mw_test', lanes: 1 });
  const timestamp = new Date(0).toISOString();
  await sender.send([
    { type: 'track', userId: 'u', event: 'Seen', messageId: '1', timestamp },
    { type: 'track', userId: 'u', messageId: '2', timestamp },
  ]);
  expect(sender.figures).toMatchObject({
    accepted: 1,
    refused: 1,
    firstRefusal: 'invalid: event: Must be text.',
  });
});
