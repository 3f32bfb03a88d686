import { beforeAll, describe, expect, it } from 'vitest';
import { resetPasswordSchema, setUpSchema } from '@/server/identity/people.schema';
import { testDeps } from '@/server/identity/testing/test-identity';
import { publicForm } from './public-form';
import { signInByForm } from './sign-in-form';
import { provideConsole } from './testing/provide-console';
import { handleTrpc } from './trpc-handler';

const ORIGIN = 'http://console.test';

beforeAll(async () => provideConsole(await testDeps()));

/** A body that comes in pieces and states no length, as any program may send it. */
function unstated(bytes: number): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(64 * 1024).fill(0x20);
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close();
      controller.enqueue(piece);
      left -= piece.length;
    },
  });
}

function post(path: string, body: BodyInit, headers: Record<string, string> = {}): Request {
  return new Request(`${ORIGIN}${path}`, {
    method: 'POST',
    headers: { host: 'console.test', origin: ORIGIN, 'content-type': 'application/json', ...headers },
    body,
    duplex: 'half',
  } as RequestInit);
}

describe('a body of unstated length', () => {
  it('is refused by tRPC beyond its limit', async () => {
    expect((await handleTrpc(post('/api/trpc/me.rename', unstated(1024 * 1024)))).status).toBe(413);
  });

  it('is refused by forms that need no sign-in', async () => {
    const form = publicForm(resetPasswordSchema, async () => ({}));
    expect((await form(post('/api/auth/password-reset', unstated(1024 * 1024)))).status).toBe(413);
    const sent = post('/api/auth/sign-in-form', unstated(1024 * 1024), {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect((await signInByForm(sent)).headers.get('location')).toBe('/sign-in?error=wrong');
  });
});

describe('a form that needs no sign-in', () => {
  it('takes no text that no store keeps', async () => {
    const form = publicForm(setUpSchema, async () => ({}));
    const sent = {
      token: 'A'.repeat(32),
      name: 'First\0',
      email: 'first@north.test',
      password: 'correct horse battery',
      workspaceName: 'North',
      region: 'eu-north',
      currency: 'EUR',
      timeZone: 'UTC',
    };
    const answer = await form(post('/api/auth/setup', JSON.stringify(sent)));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ field: 'name' }] });
    expect((await form(post('/api/auth/setup', JSON.stringify({ ...sent, name: 'First' })))).status).toBe(
      200,
    );
  });
});

describe('tRPC', () => {
  it('takes a content type it does not read for a mistake of the sender', async () => {
    const answer = await handleTrpc(post('/api/trpc/me.rename', '{}', { 'content-type': 'text/plain' }));
    expect(answer.status).toBe(415);
    expect(await answer.json()).toMatchObject({ error: { data: { fault: 'bad_request' } } });
  });
});
