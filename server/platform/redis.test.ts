import { beforeAll, describe, expect, it } from 'vitest';
import { createRedis } from './redis';
import { type TestRedis, testRedis } from './testing/test-redis';

let server: TestRedis;
beforeAll(async () => {
  server = await testRedis();
});

/** What becomes of a command whose connection breaks before its answer, when afterwards there is one. */
async function outcomeAcrossBreak(resend: boolean): Promise<unknown> {
  const key = `resend ${resend}`;
  // A patient client has no time after which a command fails by itself.
  const client = createRedis(server.url, { name: 'waits', resend, patient: true });
  const other = createRedis(server.url, { name: 'breaks' });
  try {
    const id = Number(await client.client('ID'));
    const outcome = client.blpop(key, 5).catch((error: Error) => error);
    await other.client('KILL', 'ID', id);
    await other.rpush(key, 'value');
    return await outcome;
  } finally {
    client.disconnect();
    other.disconnect();
  }
}

describe('a command whose connection breaks before its answer', () => {
  it('is sent again, unless the client was asked not to', async () => {
    expect(await outcomeAcrossBreak(true)).toEqual(['resend true', 'value']);
    expect(await outcomeAcrossBreak(false)).toMatchObject({ message: 'Connection is closed.' });
  });
});
