import { beforeAll, describe, expect, it } from 'vitest';
import type { Deps } from '@/server/platform/deps';
import { TEST_PASSWORD, testBrowser, testDeps, testWorkspace } from './testing/test-identity';
import { totp } from './testing/totp';

let deps: Deps;

beforeAll(async () => {
  deps = await testDeps();
  await testWorkspace(deps, 'north');
});

describe('guesses', () => {
  it('of a password are stopped, and an unknown address is answered as a wrong password is', async () => {
    const browser = testBrowser(deps);
    const unknown = await browser.post('/sign-in/email', {
      email: 'no@north.test',
      password: 'wrong-password',
    });
    const answers = [];
    for (let i = 0; i < 11; i += 1) {
      const email = 'stakeholder@north.test';
      answers.push(await browser.post('/sign-in/email', { email, password: 'wrong-password' }));
    }
    expect(await answers[0]?.text()).toBe(await unknown.text());
    expect(answers.map((answer) => answer.status)).toEqual([...Array(10).fill(401), 429]);
    const right = await browser.post('/sign-in/email', {
      email: 'stakeholder@north.test',
      password: TEST_PASSWORD,
    });
    expect(right.status).toBe(429);
  });

  it('are counted when they are made at once', async () => {
    const browser = testBrowser(deps);
    const guess = { email: 'nobody-at-all@north.test', password: 'wrong-password' };
    const answers = await Promise.all(
      Array.from({ length: 25 }, () => browser.post('/sign-in/email', guess)),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(15);
  });

  it('are not what people do who share an account', async () => {
    const form = { email: 'ops@north.test', password: TEST_PASSWORD };
    // More than may be wrong; not so many that a slow machine has those who wait for the verdicts of others give up.
    const answers = await Promise.all(
      Array.from({ length: 14 }, () => testBrowser(deps).post('/sign-in/email', form)),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(14).fill(200));
  });

  it('of a code are counted by person, over any number of sign-ins and addresses', async () => {
    const form = { email: 'privacy@north.test', password: TEST_PASSWORD };
    const browser = testBrowser(deps);
    await browser.post('/sign-in/email', form);
    const enabled = await browser.post('/two-factor/enable', { password: TEST_PASSWORD });
    const { totpURI } = (await enabled.json()) as { totpURI: string };
    const secret = new URL(totpURI).searchParams.get('secret') ?? '';
    await browser.post('/two-factor/verify-totp', { code: totp(secret, Date.now()) });
    const withCode = async (code: string, from: string) => {
      const guessing = testBrowser(deps);
      const headers = { 'x-forwarded-for': from };
      await guessing.post('/sign-in/email', form, headers);
      return (await guessing.post('/two-factor/verify-totp', { code }, headers)).status;
    };
    const wrong = totp(secret, Date.now() - 3_600_000);
    for (let guess = 1; guess <= 10; guess += 1) expect(await withCode(wrong, `10.0.0.${guess}`)).toBe(401);
    expect(await withCode(totp(secret, Date.now()), '10.0.1.1')).toBe(429);
  });
});
