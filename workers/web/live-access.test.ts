import { beforeAll, describe, expect, it } from 'vitest';
import { may, ROLES, type Role, TOPIC_ACTIONS, type Topic } from '@/server/identity/policy';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { cookieOf, liveFixture, Page } from './live-fixture';

let live: Awaited<ReturnType<typeof liveFixture>>;

beforeAll(async () => {
  live = await liveFixture();
});

/** How often the server has begun to look at who is signed in when it ends this page's socket. */
function looksAtEnd({ socket }: Page): Promise<number> {
  return new Promise((resolve) => {
    const own = live.live.io.sockets.sockets.get(socket.id ?? '');
    own?.once('disconnect', () => resolve(live.asked.looks.length));
  });
}

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

  it('refuses a foreign origin before it asks any store, whatever cookie it brings', async () => {
    const cookie = await cookieOf(live.deps, 'north', 'agent');
    const { byCookie } = live.asked;
    const foreign = new Page(live.url, cookie, 'https://elsewhere.test');
    expect(await foreign.connected()).not.toBe(true);
    expect(live.asked.byCookie).toBe(byCookie);
    expect(foreign.frames).toEqual([]);
  });

  it('is off with the first look after a session was revoked or expired, a role changed, a membership lost', async () => {
    const { south, deps } = live;
    const others = await live.page('agent', 'south');
    const off = async (role: Role, end: (userId: string) => Promise<unknown>) => {
      const opened = await live.page(role, 'south');
      const ended = looksAtEnd(opened);
      await end(south.actor(role).userId);
      const before = live.asked.looks.length;
      expect((await ended) - before, role).toBeLessThanOrEqual(1);
      await until(() => !opened.socket.connected, { what: `${role} is off` });
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
    await until(() => !others.socket.connected, { what: 'every socket of the agent is off' });
  });

  it('is off with the first look after a sign-in ran out, and not before it did', async () => {
    const opened = await live.page('privacy', 'north');
    const { userId } = live.north.actor('privacy');
    const ended = looksAtEnd(opened);
    const expiresAt = Date.now() + 700;
    await live.deps.db.session.updateMany({ where: { userId }, data: { expiresAt: new Date(expiresAt) } });
    const looks = live.asked.looks.slice(0, await ended);
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt);
    expect(looks.filter((at) => at > expiresAt).length).toBeLessThanOrEqual(1);
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
