import { beforeAll, describe, expect, it } from 'vitest';
import { may, ROLES, type Role, TOPIC_ACTIONS, type Topic } from '@/server/identity/policy';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { cookieOf, liveFixture, Page } from './live-fixture';

let live: Awaited<ReturnType<typeof liveFixture>>;

beforeAll(async () => {
  live = await liveFixture();
});

/** Who lost the right to listen is off in less than this, ms. */
const OFF_MS = 1_000;

describe('who may connect', () => {
  it('takes a signed-in person and refuses nobody, a made-up cookie and a foreign origin', async () => {
    const cookie = await cookieOf(live.deps, 'north', 'agent');
    expect(await new Page(live.url, cookie, live.url).connected()).toBe(true);
    expect(await new Page(live.url, '').connected()).toBe('Sign in first.');
    expect(await new Page(live.url, 'millrace.session_token=made.up').connected()).toBe('Sign in first.');
    expect(await new Page(live.url, cookie, 'https://elsewhere.test').connected()).not.toBe(true);
    expect(await new Page(live.url, cookie, 'null').connected()).not.toBe(true);
  });

  it('takes the public address for its own where a proxy changes the host', async () => {
    const cookie = await cookieOf(live.deps, 'north', 'agent');
    expect(await new Page(live.url, cookie, live.publicUrl).connected()).toBe(true);
    expect(await new Page(live.url, cookie, `${live.publicUrl}.elsewhere.test`).connected()).not.toBe(true);
  });

  it('refuses a foreign origin within a second, whatever cookie it brings', async () => {
    const cookie = await cookieOf(live.deps, 'north', 'agent');
    const started = performance.now();
    const foreign = new Page(live.url, cookie, 'https://elsewhere.test');
    expect(await foreign.connected()).not.toBe(true);
    expect(performance.now() - started).toBeLessThan(OFF_MS);
    expect(foreign.frames).toEqual([]);
  });

  it('is off within a second of a revoked session, an expired one, a changed role and a lost membership', async () => {
    const { south, deps } = live;
    const others = await live.page('agent', 'south');
    const off = async (role: Role, end: (userId: string) => Promise<unknown>) => {
      const opened = await live.page(role, 'south');
      await end(south.actor(role).userId);
      await until(() => !opened.socket.connected, { timeoutMs: OFF_MS, what: `${role} is off` });
      expect(opened.ended).toBe(true);
    };
    await off('ops', (userId) =>
      deps.queueRedis.publish('sessions', JSON.stringify({ type: 'session.revoked', userId })),
    );
    await off('privacy', (userId) =>
      deps.db.session.updateMany({ where: { userId }, data: { expiresAt: new Date(0) } }),
    );
    await off('admin', (userId) => deps.db.session.deleteMany({ where: { userId } }));
    // Past the console, so that no message tells of it.
    const { workspaceId } = south;
    await off('stakeholder', (userId) =>
      withWorkspace(deps.db, workspaceId, (tx) =>
        tx.membership.updateMany({ where: { userId, workspaceId }, data: { role: 'agent' } }),
      ),
    );
    expect(others.socket.connected).toBe(true);
    await off('agent', (userId) =>
      withWorkspace(deps.db, workspaceId, (tx) =>
        tx.membership.deleteMany({ where: { userId, workspaceId } }),
      ),
    );
    await until(() => !others.socket.connected, {
      timeoutMs: OFF_MS,
      what: 'every socket of the agent is off',
    });
  });

  it('is off within a second of the moment a sign-in runs out', async () => {
    const opened = await live.page('privacy', 'north');
    const { userId } = live.north.actor('privacy');
    await live.deps.db.session.updateMany({
      where: { userId },
      data: { expiresAt: new Date(Date.now() + 700) },
    });
    await until(() => !opened.socket.connected, { timeoutMs: 700 + OFF_MS, what: 'the socket is off' });
  });
});

describe('every room by every role', () => {
  it('opens as the policy says, and never across workspaces', async () => {
    const topics = Object.keys(TOPIC_ACTIONS) as Topic[];
    for (const role of ROLES) {
      const opened = await live.page(role);
      for (const topic of topics) {
        const name = topic === 'customer' ? 'customer:somebody' : topic;
        const allowed = may(role, TOPIC_ACTIONS[topic]);
        expect((await opened.join(live.room(name))).ok, `${role} in ${topic}`).toBe(allowed);
        const across = await opened.join(live.room(name, live.south.workspaceId));
        expect(across, `${role} across in ${topic}`).toMatchObject({ ok: false, code: 'forbidden' });
      }
      expect(await opened.join('beat|x')).toMatchObject({ ok: false, code: 'bad_request' });
      expect(await opened.join(live.room('customer:a\0b'))).toMatchObject({ ok: false, code: 'bad_request' });
      expect(await opened.join(live.room('nothing'))).toMatchObject({ ok: false, code: 'bad_request' });
      opened.socket.close();
    }
  });

  it('bounds rooms per socket and the size of a message', async () => {
    const opened = await live.page('agent');
    for (let i = 0; i < 50; i += 1) expect((await opened.join(live.room(`customer:c${i}`))).ok).toBe(true);
    expect(await opened.join(live.room('customer:one-more'))).toMatchObject({ ok: false, code: 'too_many' });
    opened.socket.emit('room.leave', 'x'.repeat(20_000));
    await until(() => !opened.socket.connected, { what: 'the socket is closed' });
  });
});
