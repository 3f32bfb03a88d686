import { beforeAll, describe, expect, it } from 'vitest';
import { revealCustomer } from '@/server/features';
import { contestLabel, withdrawContest } from '@/server/features/label-contest.service';
import { addRegion } from '@/server/identity/workspace.service';
import type { CustomerRoomData } from '@/server/live/customer-room.schema';
import type { FeedData } from '@/server/live/live.schema';
import type { QueueRoomData } from '@/server/live/queue-room.schema';
import { until } from '@/server/platform/until';
import type { LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import { attendAll } from '@/server/use-cases/attended-fixture';
import { finishCustomer, takeCustomer } from '@/server/use-cases/queue-claim.service';
import { superviseQueue } from '@/server/use-cases/queue-supervision.service';
import { cookieOf, liveFixture, Page } from './live-fixture';

let live: Awaited<ReturnType<typeof liveFixture>>;

beforeAll(async () => {
  live = await liveFixture();
});

const payment = { n: 'Payment Failed', p: {} };
const add = (value: number) => ({ n: 'Product Added', p: { product_id: 'p1', price: value, quantity: 1 } });

describe('the lag board', () => {
  it('is pushed each second, and takes nobody for a worker at zero', async () => {
    const ops = await live.page('ops');
    const name = live.room('lag');
    await ops.join(name);
    const first = await until(() => ops.data<LagBoardSnapshot>(name)?.at);
    await live.stream.commit('u-lag', [{ n: 'Product Viewed' }]);
    await live.deps.logRedis.xadd(`{${live.stream.shardId}.0}:log`, '*', 'r', '[]', 'n', 1);
    const board = await until(() => {
      const data = ops.data<LagBoardSnapshot>(name);
      return data && (data.at ?? 0) > first + 1_500 && data.causes.length > 0 ? data : undefined;
    });
    expect(board.rows.every(({ lagSeconds }) => lagSeconds !== 0)).toBe(true);
    expect(board.causes.map(({ cause }) => cause.kind)).toContain('noWorker');
    expect(board.regions).toEqual([{ shardId: live.stream.shardId, region: 'local' }]);
  });
});

describe('the queue', () => {
  it('shows who waits at once, in the order of commits', async () => {
    const agent = await live.page('agent');
    const name = live.room('queue');
    await agent.join(name);
    await live.stream.commit('u-queue', [add(10), payment]);
    const entry = await until(() => agent.data<QueueRoomData>(name)?.entries['u-queue']);
    expect(entry).toMatchObject({ reason: 'cart', title: 'payment failed', value: '10', currency: 'USD' });
    await live.stream.commit('u-queue', [{ n: 'Order Completed', p: { total: 10 } }]);
    await until(() => agent.data<QueueRoomData>(name)?.entries['u-queue'] === undefined);
  });

  it('reads a partition again when a message was lost', async () => {
    const agent = await live.page('agent');
    const name = live.room('queue');
    await agent.join(name);
    await live.stream.commit('u-gap', [add(5)]);
    await live.stream.commit('u-gap', [payment], { isLost: true });
    expect(agent.data<QueueRoomData>(name)?.entries['u-gap']).toBeUndefined();
    await live.stream.commit('u-gap', [{ n: 'Product Viewed' }]);
    await until(() => agent.data<QueueRoomData>(name)?.entries['u-gap']);
  });

  it('sends again what a page missed while it was away', async () => {
    const cookie = await cookieOf(live.deps, 'north', 'agent');
    const stays = await live.page('agent');
    const name = live.room('queue');
    await stays.join(name);
    const first = new Page(live.url, cookie);
    await first.connected();
    const answer = await first.join(name);
    const seen = answer.ok ? answer.updates.at(-1) : undefined;
    first.socket.close();
    await live.stream.commit('u-away', [add(7), payment]);
    await until(() => stays.data<QueueRoomData>(name)?.entries['u-away']);
    const second = new Page(live.url, cookie);
    await second.connected();
    second.held.set(name, first.data(name));
    const again = await second.join(name, { boot: seen?.boot ?? '', seq: seen?.seq ?? 0 });
    expect(again.ok && again.updates.every((update) => update.kind === 'entries')).toBe(true);
    expect(second.data<QueueRoomData>(name)?.entries['u-away']).toBeDefined();
    const stranger = await second.join(name, { boot: 'another', seq: 3 });
    expect(stranger.ok && stranger.updates.map((update) => update.kind)).toEqual(['whole']);
  });

  it('stops the clock for everybody when one agent takes a customer, and only one can', async () => {
    const agent = await live.page('agent');
    const admin = await live.page('admin');
    const name = live.room('queue');
    await Promise.all([agent.join(name), admin.join(name)]);
    await live.stream.commit('u-take', [add(5), payment]);
    await until(() => admin.data<QueueRoomData>(name)?.entries['u-take']);
    const takers = [live.north.actor('agent'), live.north.actor('admin')];
    const taken = await Promise.allSettled(takers.map((person) => takeCustomer(live.deps, person, 'u-take')));
    const winner = takers[taken.findIndex(({ status }) => status === 'fulfilled')];
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const claim = () => admin.data<QueueRoomData>(name)?.entries['u-take']?.claim;
    await until(() => claim()?.userId === winner?.userId);
    if (winner) await finishCustomer(live.deps, winner, 'u-take', 'released');
    await until(() => claim() === undefined);
    const again = takers.find((person) => person !== winner);
    if (again) expect(await takeCustomer(live.deps, again, 'u-take')).toMatchObject({ userId: again.userId });
  });

  it('says of a wait that it was escalated, also to who comes later, until somebody takes the customer', async () => {
    const agent = await live.page('agent');
    const name = live.room('queue');
    await agent.join(name);
    await live.stream.commit('u-waits', [{ n: 'Call Started', p: { contactId: 'c1' } }]);
    const row = () => agent.data<QueueRoomData>(name)?.entries['u-waits'];
    const { since } = await until(row);
    expect(row()?.escalation).toBeUndefined();
    const later50s = { ...live.deps, now: () => since + 50_000 };
    await attendAll(later50s);
    await superviseQueue(later50s);
    expect(await until(() => row()?.escalation)).toEqual({ since, agents: 80 });
    const later = await live.page('admin');
    await later.join(name);
    expect(later.data<QueueRoomData>(name)?.entries['u-waits']?.escalation).toEqual({ since, agents: 80 });
    const person = live.north.actor('agent');
    await takeCustomer(live.deps, person, 'u-waits');
    await until(() => row()?.claim !== undefined && row()?.escalation === undefined);
    await finishCustomer(live.deps, person, 'u-waits', 'released');
    expect(await until(() => row()?.escalation)).toEqual({ since, agents: 80 });
  });
});

describe('a customer’s card', () => {
  const secret = { email: 'greta.garbo@films.test', firstName: 'Greta', lastName: 'Garbo', plan: 'plus' };

  it('moves with every commit, and says who else looks', async () => {
    const name = live.room('customer:u-card');
    const [agent, officer] = [await live.page('agent'), await live.page('privacy')];
    expect((await agent.join(name)).ok).toBe(true);
    expect(agent.data<CustomerRoomData>(name)?.card).toBeNull();
    await live.stream.commit('u-card', [add(12.5)]);
    const card = await until(() => agent.data<CustomerRoomData>(name)?.card);
    expect(card.cart).toMatchObject({ value: '12.5', currency: 'USD' });
    await officer.join(name);
    await until(() => agent.data<CustomerRoomData>(name)?.viewers.length === 2);
    officer.socket.close();
    await until(() => agent.data<CustomerRoomData>(name)?.viewers.length === 1);
  });

  it('keeps personal data out of every frame until it is revealed, for that person and for a while', async () => {
    const name = live.room('customer:u-mask');
    const [agent, officer] = [await live.page('agent'), await live.page('privacy')];
    await live.stream.commit('u-mask', [{ y: 'identify', n: 'identify', p: secret }]);
    await Promise.all([agent.join(name), officer.join(name)]);
    await live.stream.commit('u-mask', [
      {
        n: 'Transcript Segment',
        p: {
          contactId: 'c1',
          turnId: '1',
          participant: 'customer',
          text: 'write to greta.garbo@films.test or 0711 2345678',
          beginMs: 0,
          endMs: 1,
          isFinal: true,
        },
      },
    ]);
    await until(() => agent.data<CustomerRoomData>(name)?.card?.contacts.length === 1);
    const wire = [...agent.frames, ...officer.frames].join('\n');
    for (const part of ['greta.garbo', 'Greta', 'Garbo', '2345678']) expect(wire).not.toContain(part);
    expect(agent.data<CustomerRoomData>(name)?.card?.displayName).toBe('G••• G•••');

    const person = live.north.actor('agent');
    await revealCustomer(live.deps, person, { customer: 'u-mask', reason: 'asks for the delivery address' });
    await until(() => agent.data<CustomerRoomData>(name)?.revealed);
    expect(agent.data<CustomerRoomData>(name)?.card?.displayName).toBe('Greta Garbo');
    await live.stream.commit('u-mask', [{ n: 'Product Viewed' }]);
    await until(() => officer.updates.some((update) => update.room === name && update.seq > 1));
    expect(officer.frames.join('\n')).not.toContain('Greta');
  });

  it('shows everybody who looks that a label is contested, at once and masked', async () => {
    const name = live.room('customer:u-contest');
    const [agent, admin] = [await live.page('agent'), await live.page('admin')];
    const said = {
      contactId: 'c1',
      turnId: '1',
      participant: 'customer',
      text: 'great, broken again',
      beginMs: 0,
    };
    await live.stream.commit('u-contest', [{ n: 'Transcript Segment', p: said }]);
    await Promise.all([agent.join(name), admin.join(name)]);
    const seen = (by: Page) => by.data<CustomerRoomData>(name);
    expect(seen(admin)?.contests).toEqual([]);
    const turnAt = seen(agent)?.card?.contacts[0]?.turns[0]?.at ?? 0;
    const place = { customer: 'u-contest', contactId: 'c1', turnId: '1', turnAt };
    const person = live.north.actor('agent');
    const reason = 'told a@b.test so';
    const { id } = await contestLabel(live.deps, person, { ...place, label: 'negative', reason });
    const contest = await until(() => seen(admin)?.contests?.[0]);
    expect(contest).toMatchObject({ id, label: 'negative', name: person.name, reason: 'told [e-mail] so' });
    // A commit brings the card anew, with what is contested still beside it.
    await live.stream.commit('u-contest', [{ n: 'Product Viewed' }]);
    await until(() => seen(admin)?.card?.events === 2);
    expect(seen(admin)?.contests).toHaveLength(1);
    await withdrawContest(live.deps, person, id);
    await until(() => seen(admin)?.contests?.length === 0);
  });

  it('puts every look on record once, and the reveal with its reason', async () => {
    const actor = live.north.actor('agent');
    const entries = await live.deps.db.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT set_config('app.workspace_id', ${actor.workspaceId}, true)`;
      return tx.auditEntry.findMany({ where: { subject: 'u-mask', actorId: actor.userId } });
    });
    const byAction = (action: string) => entries.filter((entry) => entry.action === action);
    expect(byAction('customer.viewed')).toHaveLength(1);
    expect(byAction('customer.revealed')).toMatchObject([{ reason: 'asks for the delivery address' }]);
  });
});

describe('feeds', () => {
  it('relays what others publish to those who may see it, oldest first', async () => {
    const officer = await live.page('privacy');
    const name = live.room('privacy');
    await officer.join(name);
    const { queueRedis } = live.deps;
    await queueRedis.publish(
      `privacy:${live.north.workspaceId}`,
      JSON.stringify({ kind: 'dpiaChanged', id: 'a' }),
    );
    await queueRedis.publish(
      `privacy:${live.north.workspaceId}`,
      JSON.stringify({ kind: 'dpiaChanged', id: 'b' }),
    );
    const ids = () => officer.data<FeedData<{ id?: string }>>(name)?.items.flatMap(({ id }) => id ?? []);
    await until(() => ids()?.join() === 'a,b');
    const later = await live.page('privacy');
    await later.join(name);
    expect(later.data<FeedData<{ id?: string }>>(name)?.items.at(-1)).toMatchObject({ id: 'b' });
  });
});

describe('a region that is added while people look', () => {
  it('is in their queue at once', async () => {
    const agent = await live.page('agent');
    await agent.join(live.room('queue'));
    await addRegion(live.deps, live.north.actor('admin'), { region: 'eu-central' });
    const stream = await live.streamOf('eu-central');
    await stream.commit('u-elsewhere', [add(30), payment, payment]);
    await until(() => agent.data<QueueRoomData>(live.room('queue'))?.entries['u-elsewhere']);
  });
});
