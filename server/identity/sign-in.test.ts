import { beforeAll, describe, expect, it } from 'vitest';
import type { Deps } from '@/server/platform/deps';
import { until } from '@/server/platform/until';
import { listAudit } from '@/server/privacy/audit.service';
import { acceptInvitation, describeInvitation, resetPassword } from './join.service';
import { changeRole, invitePerson, makeResetLink } from './people.service';
import { hashToken } from './secret-token';
import { endOwnSession, readAccount, signOutEverywhere } from './self.service';
import { SESSIONS_CHANNEL } from './session-messages';
import { TEST_PASSWORD, testBrowser, testDeps, testWorkspace } from './testing/test-identity';
import { totp } from './testing/totp';

let deps: Deps & { advance(ms: number): void };
let north: Awaited<ReturnType<typeof testWorkspace>>;
const revoked: unknown[] = [];

beforeAll(async () => {
  deps = await testDeps();
  north = await testWorkspace(deps, 'north');
  const listener = deps.queueRedis.duplicate();
  listener.on('message', (_channel: string, text: string) => revoked.push(JSON.parse(text)));
  await listener.subscribe(SESSIONS_CHANNEL);
  return () => {
    listener.disconnect();
  };
});

async function signedIn(email: string, password = TEST_PASSWORD) {
  const browser = testBrowser(deps);
  const response = await browser.post('/sign-in/email', { email, password });
  expect(response.status).toBe(200);
  return { browser, response };
}

describe('signing in', () => {
  it('gives a session in the workspace with a cookie scripts cannot read', async () => {
    const { browser, response } = await signedIn('agent@north.test');
    const cookie = response.headers.getSetCookie().find((line) => line.includes('session_token'));
    expect(cookie).toMatch(/HttpOnly/i);
    expect(cookie).toMatch(/SameSite=Lax/i);
    expect(await browser.person()).toMatchObject({ role: 'agent', workspaceId: north.workspaceId });
  });

  it('keeps only a hash of the session token', async () => {
    const { browser } = await signedIn('ops@north.test');
    const token = decodeURIComponent(browser.cookie()).match(/session_token=([^.;]+)\./)?.[1] ?? '';
    expect(token.length).toBeGreaterThan(20);
    const kept = await deps.db.session.findMany({ select: { token: true } });
    expect(kept.map((row) => row.token)).toContain(hashToken(token));
    expect(kept.map((row) => row.token)).not.toContain(token);
  });

  it('refuses a request that another site sent', async () => {
    const browser = testBrowser(deps);
    const response = await browser.post(
      '/sign-in/email',
      { email: 'ops@north.test', password: TEST_PASSWORD },
      { origin: 'http://elsewhere.test', cookie: 'a=b' },
    );
    expect(response.status).toBe(403);
  });

  it('tells no script the token of a session: it is in the cookie alone', async () => {
    const { browser, response } = await signedIn('agent@north.test');
    const token = decodeURIComponent(browser.cookie()).match(/session_token=([^.;]+)\./)?.[1] ?? '-';
    expect(token.length).toBeGreaterThan(20);
    expect(await response.text()).not.toContain(token);
    const read = await browser.get('/get-session');
    expect(read.status).toBe(200);
    expect(await read.text()).not.toContain(token);
  });

  it('refuses a form larger than any before it is read whole, whether or not it states its length', async () => {
    const response = await testBrowser(deps).post('/sign-in/email', {
      email: 'agent@north.test',
      password: 'x'.repeat(20_000),
    });
    expect(response.status).toBe(413);
  });

  it('lets nobody register by themselves', async () => {
    const response = await testBrowser(deps).post('/sign-up/email', {
      email: 'new@north.test',
      password: TEST_PASSWORD,
      name: 'New',
    });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(await deps.db.user.findUnique({ where: { email: 'new@north.test' } })).toBeNull();
  });
});

describe('ending sessions', () => {
  it('signs out: the cookie is worth nothing, and sockets are told', async () => {
    const { browser } = await signedIn('privacy@north.test');
    const person = await browser.person();
    const cookie = browser.cookie();
    await browser.post('/sign-out', {});
    expect(await browser.sessions.fromHeaders(new Headers({ cookie }))).toBeNull();
    await until(() => revoked.some((message) => JSON.stringify(message).includes(person?.sessionId ?? '-')));
  });

  it('ends every session on a role change, at once', async () => {
    const { browser } = await signedIn('ops@north.test');
    const { userId } = north.actor('ops');
    const session = await browser.person();
    expect((await browser.sessions.current([session?.sessionId ?? ''])).size).toBe(1);
    await changeRole(deps, north.actor('admin'), userId, 'agent');
    expect(await browser.person()).toBeNull();
    expect((await browser.sessions.current([session?.sessionId ?? ''])).size).toBe(0);
    await until(() => revoked.some((message) => JSON.stringify(message).includes(userId)));
    await changeRole(deps, north.actor('admin'), userId, 'ops');
  });

  it('refuses to leave a workspace without an administrator', async () => {
    const admin = north.actor('admin');
    await expect(changeRole(deps, admin, admin.userId, 'agent')).rejects.toMatchObject({ code: 'conflict' });
    await expect(changeRole(deps, admin, admin.userId, null)).rejects.toMatchObject({ code: 'conflict' });
  });

  it('ends one own session, or all', async () => {
    const [one, two] = [await signedIn('agent@north.test'), await signedIn('agent@north.test')];
    const person = await one.browser.person();
    const other = await two.browser.person();
    if (person === null || other === null) throw new Error('not signed in');
    await endOwnSession(deps, person, other.sessionId);
    expect(await two.browser.person()).toBeNull();
    expect(await one.browser.person()).not.toBeNull();
    await signOutEverywhere(deps, person);
    expect(await one.browser.person()).toBeNull();
  });

  it("refuses to end somebody else's session", async () => {
    const { browser } = await signedIn('admin@north.test');
    const admin = await browser.person();
    await expect(endOwnSession(deps, north.actor('agent'), admin?.sessionId ?? '')).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await browser.person()).not.toBeNull();
  });
});

describe('links', () => {
  it('bring an invited person in, once', async () => {
    const link = await invitePerson(deps, north.actor('admin'), {
      email: 'fresh@north.test',
      role: 'privacy',
    });
    const token = link.path.replace('/invite/', '');
    expect(await describeInvitation(deps, token)).toMatchObject({ email: 'fresh@north.test', known: false });
    await acceptInvitation(deps, { token, name: 'Fresh', password: TEST_PASSWORD });
    await expect(
      acceptInvitation(deps, { token, name: 'Again', password: TEST_PASSWORD }),
    ).rejects.toMatchObject({
      code: 'not_found',
    });
    const { browser } = await signedIn('fresh@north.test');
    expect(await browser.person()).toMatchObject({ role: 'privacy', name: 'Fresh' });
  });

  it('are too old after a week', async () => {
    const link = await invitePerson(deps, north.actor('admin'), { email: 'late@north.test', role: 'ops' });
    deps.advance(7 * 24 * 3_600_000 + 1);
    expect(await describeInvitation(deps, link.path.replace('/invite/', ''))).toBeNull();
    deps.advance(-(7 * 24 * 3_600_000 + 1));
  });

  it('ask who has an account for its password, and never change it', async () => {
    const south = await testWorkspace(deps, 'south');
    const link = await invitePerson(deps, south.actor('admin'), { email: 'agent@north.test', role: 'ops' });
    const token = link.path.replace('/invite/', '');
    await expect(acceptInvitation(deps, { token, password: 'not the password' })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await acceptInvitation(deps, { token, password: TEST_PASSWORD });
    const { browser } = await signedIn('agent@north.test');
    const person = await browser.person();
    if (person === null) throw new Error('not signed in');
    expect((await readAccount(deps, person)).workspaces).toHaveLength(2);
    // An account that is in other workspaces too is not one administrator's to take over.
    await expect(makeResetLink(deps, south.actor('admin'), person.userId)).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('set a new password, once, and end all sessions', async () => {
    const { browser } = await signedIn('fresh@north.test');
    const person = await browser.person();
    const link = await makeResetLink(deps, north.actor('admin'), person?.userId ?? '');
    const token = link.path.replace('/reset-password?token=', '');
    await resetPassword(deps, { token, password: 'another long secret' });
    expect(await browser.person()).toBeNull();
    await expect(resetPassword(deps, { token, password: 'another long secret' })).rejects.toMatchObject({
      code: 'not_found',
    });
    await signedIn('fresh@north.test', 'another long secret');
  });
});

describe('the second factor', () => {
  it('is asked for after the password, and a backup code works once', async () => {
    const { browser } = await signedIn('privacy@north.test');
    const enabled = await browser.post('/two-factor/enable', { password: TEST_PASSWORD });
    const { totpURI, backupCodes } = (await enabled.json()) as { totpURI: string; backupCodes: string[] };
    const secret = new URL(totpURI).searchParams.get('secret') ?? '';
    const confirmed = await browser.post('/two-factor/verify-totp', { code: totp(secret, Date.now()) });
    expect(confirmed.status).toBe(200);

    const again = testBrowser(deps);
    const first = await again.post('/sign-in/email', {
      email: 'privacy@north.test',
      password: TEST_PASSWORD,
    });
    expect(await first.json()).toMatchObject({ twoFactorRedirect: true });
    expect(await again.person()).toBeNull();
    expect((await again.post('/two-factor/verify-backup-code', { code: 'nonsense-1' })).status).toBe(401);
    const right = await again.post('/two-factor/verify-backup-code', { code: backupCodes[0] });
    expect(right.status).toBe(200);
    expect(await again.person()).toMatchObject({ role: 'privacy' });
    const { rows } = await listAudit(
      deps,
      north.workspaceId,
      { subject: north.actor('privacy').userId },
      { limit: 50 },
    );
    expect(rows.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['session.started', 'secondFactor.prepared']),
    );

    const third = testBrowser(deps);
    await third.post('/sign-in/email', { email: 'privacy@north.test', password: TEST_PASSWORD });
    expect((await third.post('/two-factor/verify-backup-code', { code: backupCodes[0] })).status).toBe(401);
    const code = totp(secret, Date.now());
    expect((await third.post('/two-factor/verify-totp', { code })).status).toBe(200);
  });
});
