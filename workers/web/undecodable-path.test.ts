import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refuseUndecodable } from './undecodable-path';

const server = createServer((incoming, response) => {
  if (!refuseUndecodable(incoming, response)) response.end('passed');
});
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => server.close());

/** As it stands: `fetch` would mend some addresses first. */
function get(path: string): Promise<{ status: number; type: string; text: string }> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => {
        text += part;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }),
      );
    });
    sent.on('error', reject).end();
  });
}

describe('an address that cannot be decoded', () => {
  it.each([
    '/api/v1/customers/%zz',
    '/api/v1/customers/%',
    '/api/v1/messages/a%4',
    '/api/v1/customers/%ff?x=1',
    '/api/%c3%28',
  ])('of programs is refused as RFC 9457: %s', async (path) => {
    const { status, type, text } = await get(path);
    expect([status, type]).toEqual([400, 'application/problem+json']);
    expect(JSON.parse(text)).toMatchObject({ status: 400, errors: [{ field: 'path' }] });
  });

  it.each(['/desk/%zz', '/%', '/_next/static/%E0%A4%A', '/apis/%zz'])(
    'of a page is refused plainly: %s',
    async (path) => {
      const { status, type, text } = await get(path);
      expect([status, type]).toEqual([400, 'text/plain; charset=utf-8']);
      expect(text).toMatch(/^The address cannot be decoded/);
    },
  );

  it.each(['/', '/api/v1/customers/50%25off', '/api/v1/customers/%E2%82%AC', '/desk?q=%zz'])(
    'is no other: %s',
    async (path) => expect((await get(path)).text).toBe('passed'),
  );
});
