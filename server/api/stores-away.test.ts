import { beforeAll, describe, expect, it } from 'vitest';
import { TEST_PASSWORD, testBrowser, testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { createPrisma } from '@/server/platform/postgres';
import { createRedis } from '@/server/platform/redis';
import { appRouter } from './root';
import { signInByForm } from './sign-in-form';
import { inputWith } from './testing/candidate-inputs';
import { callProcedure, codeOf, proceduresOf } from './testing/procedures';
import { provideConsole } from './testing/provide-console';

const procedures = proceduresOf(appRouter);
/** Nobody listens here, and no program that asks for a free port is ever given it. */
const NOWHERE = '127.0.0.1:1';

let north: Awaited<ReturnType<typeof testWorkspace>>;
let withoutPostgres: Deps;
let withoutRedis: Deps;

beforeAll(async () => {
  const deps = await testDeps();
  north = await testWorkspace(deps, 'north');
  const db = createPrisma(`postgresql://nobody@${NOWHERE}/none`, { applicationName: 'test' });
  const redis = createRedis(`redis://${NOWHERE}`, { name: 'test-away' });
  withoutPostgres = { ...deps, db };
  withoutRedis = { ...deps, logRedis: redis, queueRedis: redis };
  return async () => {
    redis.disconnect();
    await db.$disconnect();
  };
});

/** How each procedure answers to an input it understands. */
async function answersOf(deps: Deps): Promise<{ path: string; code: string }[]> {
  return Promise.all(
    procedures.map(async ({ path, inputs: [schema] }) => {
      const actor = north.actor(path === 'dpia.sign' ? 'privacy' : 'admin');
      return {
        path,
        code: await codeOf(callProcedure(path, { deps, actor })(schema && inputWith(schema, 'x'))),
      };
    }),
  );
}

const ours = (answers: { code: string }[]) => answers.filter(({ code }) => /INTERNAL|thrown/.test(code));
const away = (answers: { code: string }[]) => answers.filter(({ code }) => code === 'SERVICE_UNAVAILABLE');

describe('every procedure', () => {
  it('says that it cannot answer now, not that it failed, while Postgres is away', async () => {
    const answers = await answersOf(withoutPostgres);
    expect(ours(answers)).toEqual([]);
    expect(away(answers).length).toBeGreaterThan(procedures.length / 2);
  });

  it('does so while Redis is away', async () => {
    const answers = await answersOf(withoutRedis);
    expect(ours(answers)).toEqual([]);
    expect(away(answers).length).toBeGreaterThan(5);
  });
});

describe('signing in', () => {
  it.each([
    ['Postgres', () => withoutPostgres],
    ['Redis', () => withoutRedis],
  ])('says that it cannot be done now while %s is away', async (_name, deps) => {
    const sent = { email: 'agent@north.test', password: TEST_PASSWORD };
    const answer = await testBrowser(deps()).post('/sign-in/email', sent);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.getSetCookie()).toEqual([]);
  });

  it('says so to a form without script, and not that the password is wrong', async () => {
    provideConsole(withoutPostgres);
    const headers = { host: 'console.test', origin: 'http://console.test' };
    const body = new URLSearchParams({ email: 'agent@north.test', password: TEST_PASSWORD });
    const request = new Request('http://console.test/api/auth/sign-in-form', {
      method: 'POST',
      headers,
      body,
    });
    expect((await signInByForm(request)).headers.get('location')).toBe('/sign-in?error=unavailable');
  });
});
