import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createCaller } from '@/server/api/root';
import { DAY_MS, SECOND_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { dropOldEscalations } from '@/server/history';
import { shardsOf } from '@/server/identity';
import { testDeps, testWorkspace } from '@/server/identity/testing/test-identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { attendAll } from './attended-fixture';
import { DEFAULT_PLAN } from './escalation.schema';
import { setPlan } from './escalation.service';
import { readPlan } from './escalation-plan.repository';
import { finishCustomer, readClaims, takeCustomer } from './queue-claim.service';
import { superviseQueue } from './queue-supervision.service';
import { DEFAULT_SLA } from './sla.schema';

type Workspace = Awaited<ReturnType<typeof testWorkspace>>;
let deps: Deps;
let north: Workspace;
let south: Workspace;
/** queue of the workspace's only shard */
let queueOf: (workspaceId: string, customer: string) => string;
const clock = { now: Date.parse('2026-11-23T10:00:00Z') };

beforeAll(async () => {
  deps = { ...(await testDeps()), now: () => clock.now };
  [north, south] = [await testWorkspace(deps, 'north'), await testWorkspace(deps, 'south')];
  const shards = new Map<string, { shardId: number; partitions: number }>();
  for (const { workspaceId } of [north, south]) {
    const [shard] = await shardsOf(deps, workspaceId);
    if (shard) shards.set(workspaceId, shard);
  }
  queueOf = (workspaceId, customer) => {
    const { shardId, partitions } = shards.get(workspaceId) ?? { shardId: 0, partitions: 1 };
    return `{${shardId}.${partitionOf(customer, partitions)}}:queue`;
  };
});

beforeEach(async () => {
  for (const { workspaceId } of [north, south]) {
    await withWorkspace(deps.db, workspaceId, async (tx) => {
      await tx.queueEscalation.deleteMany();
      await tx.escalationPlan.deleteMany();
      await tx.queueClaim.deleteMany();
    });
  }
  const stream = await deps.logRedis.keys('{*.*}:*');
  if (stream.length > 0) await deps.logRedis.del(stream);
});

const enter = (customer: string, channel = 'chat', since = clock.now, { workspaceId } = north) =>
  deps.logRedis.hset(
    queueOf(workspaceId, customer),
    customer,
    JSON.stringify({ customer, reason: 'contact', title: 'chat', channel, since, at: since }),
  );
const leave = (customer: string) => deps.logRedis.hdel(queueOf(north.workspaceId, customer), customer);
const pass = (seconds: number) => {
  clock.now += seconds * SECOND_MS;
};
const keyBeside = (customer: string, name: string) =>
  queueOf(north.workspaceId, customer).replace(/queue$/, name);
/** The oldest record of the customer's partition that is not processed came so many seconds ago. */
const fallBehind = (customer: string, seconds: number) =>
  deps.logRedis.xadd(keyBeside(customer, 'log'), `${clock.now - seconds * SECOND_MS}-0`, 'r', '[]');
/** A timer of the customer's partition has been due for so many seconds. */
const leaveTimer = (customer: string, seconds: number) =>
  deps.logRedis.zadd(keyBeside(customer, 'timers'), clock.now - seconds * SECOND_MS, customer);
const catchUp = (customer: string) =>
  deps.logRedis.hset(keyBeside(customer, 'offset:main'), 'id', `${clock.now}-0`);
/** A record came so many seconds ago, and nothing in the customer's partition is younger than an hour before that. */
const feedOldEvents = async (customer: string, seconds = 1) => {
  const at = clock.now - seconds * SECOND_MS;
  await deps.logRedis.hset(keyBeside(customer, 'offset:main'), 'id', `${at}-0`);
  await deps.logRedis.hset(keyBeside(customer, 'clock'), 'newest', `${at - 3_600 * SECOND_MS}`);
};
/** A process that was just started: it remembers nothing of earlier looks. */
const restarted = (): Deps => ({ ...deps, db: new Proxy(deps.db, {}) });
/** One look at queues that are of now. */
const look = async (by: Deps) => {
  await attendAll(deps);
  return superviseQueue(by);
};
const rowsOf = ({ workspaceId } = north) =>
  withWorkspace(deps.db, workspaceId, (tx) =>
    tx.queueEscalation.findMany({
      orderBy: [{ customer: 'asc' }, { waitedSince: 'asc' }, { percent: 'asc' }],
    }),
  );
const told = async (workspace = north) =>
  (await rowsOf(workspace)).map(({ customer, percent, raisedTo, takenById, leftAt }) =>
    [customer, percent, raisedTo, takenById ? 'taken' : leftAt ? 'left' : 'stands'].join(' '),
  );
const desk = async () => (await readClaims(deps, north.workspaceId)).escalations;

it('raises each step once as the wait goes on, in its own workspace', async () => {
  const began = clock.now;
  await enter('ann');
  await enter('bob', 'call', began, south);
  pass(47);
  expect(await look(deps)).toMatchObject({ escalated: 0 });
  pass(1);
  expect(await look(deps)).toMatchObject({ escalated: 2 });
  expect(await look(deps)).toMatchObject({ escalated: 0 });
  expect(await told()).toEqual(['ann 80 agents stands']);
  expect(await desk()).toEqual({ ann: { since: began, agents: 80 } });
  pass(42);
  await look(deps);
  expect(await told()).toEqual(['ann 80 agents stands', 'ann 150 supervisors stands']);
  expect(await told(south)).toEqual(['bob 80 agents stands', 'bob 100 supervisors stands']);
  expect(await desk()).toEqual({ ann: { since: began, agents: 80, supervisors: 150 } });
  const [first] = await rowsOf();
  expect(first).toMatchObject({
    channel: 'chat',
    waitedSince: new Date(began),
    dueAt: new Date(began + 48 * SECOND_MS),
    raisedAt: new Date(began + 48 * SECOND_MS),
  });
});

it('raises once when two look at the same time, and when one looks again after a restart', async () => {
  for (let index = 0; index < 30; index += 1) await enter(`c${index}`);
  pass(100);
  const looks = await Promise.all([deps, restarted(), restarted()].map(look));
  expect(looks.reduce((sum, { escalated }) => sum + escalated, 0)).toBe(60);
  expect(await look(restarted())).toMatchObject({ escalated: 0 });
  expect(await rowsOf()).toHaveLength(60);
});

it('raises late what still waits, and nothing of who was taken or left meanwhile', async () => {
  const agent = north.actor('agent');
  for (const customer of ['gone', 'taken', 'waits']) await enter(customer);
  await takeCustomer(deps, agent, 'taken');
  pass(3_600);
  await leave('gone');
  await look(restarted());
  expect(await told()).toEqual(['waits 80 agents stands', 'waits 150 supervisors stands']);
  await finishCustomer(deps, agent, 'taken', 'helped');
  expect(await look(restarted())).toMatchObject({ escalated: 0 });
});

it('raises nothing of who had left, when the stream has yet to catch up', async () => {
  const customers = ['gone', 'waits'];
  for (const customer of customers) await enter(customer);
  pass(3_600);
  for (const customer of customers) await fallBehind(customer, 3_000);
  const by = restarted();
  expect(await look(by)).toEqual({ breached: 0, ended: 0, escalated: 0 });
  pass(5);
  await leave('gone');
  for (const customer of customers) await catchUp(customer);
  expect(await look(by)).toEqual({ breached: 1, ended: 0, escalated: 2 });
  expect(await told()).toEqual(['waits 80 agents stands', 'waits 150 supervisors stands']);
});

it('raises nothing while a source that was away sends what happened meanwhile', async () => {
  await enter('gone');
  pass(600);
  await feedOldEvents('gone');
  const by = restarted();
  expect(await look(by)).toMatchObject({ breached: 0, escalated: 0 });
  await leave('gone');
  pass(5);
  expect(await look(by)).toMatchObject({ breached: 0, escalated: 0 });
  await enter('waits', 'chat', clock.now - 50 * SECOND_MS);
  await feedOldEvents('waits', 5);
  expect(await look(by)).toMatchObject({ escalated: 1 });
});

it.each([
  ['stays behind', async () => fallBehind('ann', 60), true],
  ['sees to no timer', async () => leaveTimer('ann', 41), true],
  ['is taken by nobody', async () => undefined, false],
])('raises a minute late at most, when the stream %s', async (_, prepare, isAttended) => {
  await enter('ann');
  pass(90);
  await prepare();
  const by = restarted();
  const seen = () => (isAttended ? look(by) : superviseQueue(by));
  expect(await seen()).toMatchObject({ breached: 0, escalated: 0 });
  pass(59);
  expect(await seen()).toMatchObject({ breached: 0, escalated: 0 });
  pass(1);
  expect(await seen()).toMatchObject({ breached: 1, escalated: 2 });
  const [first] = await rowsOf();
  expect(first?.raisedAt).toEqual(new Date(clock.now));
});

it('never raises a wait that is taken while one looks: the two wait for each other', async () => {
  const { workspaceId } = north;
  await enter('ann');
  pass(48);
  const waiting = () => deps.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  let both: Promise<unknown> | undefined;
  await deps.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`queue.escalations ${workspaceId}`}, 0))`;
    both = Promise.all([takeCustomer(deps, north.actor('agent'), 'ann'), look(restarted())]);
    await until(async () => (await waiting())[0]?.count === 2, { what: 'who takes and who raises wait' });
  });
  await both;
  expect((await told()).filter((each) => each.endsWith('stands'))).toEqual([]);
  expect(await desk()).toEqual({});
});

it('ends with who took the customer, and stands again when they give them back', async () => {
  const agent = north.actor('agent');
  const began = clock.now;
  await enter('ann');
  pass(50);
  await look(deps);
  await takeCustomer(deps, agent, 'ann');
  const [taken] = await rowsOf();
  expect(taken).toMatchObject({ takenById: agent.userId, takenAt: new Date(clock.now), leftAt: null });
  expect(await desk()).toEqual({});
  pass(100);
  expect(await look(deps)).toMatchObject({ escalated: 0 });
  await finishCustomer(deps, agent, 'ann', 'released');
  expect(await told()).toEqual(['ann 80 agents stands']);
  expect(await desk()).toEqual({ ann: { since: began, agents: 80 } });
  expect(await look(deps)).toMatchObject({ escalated: 1 });
  await takeCustomer(deps, agent, 'ann');
  await finishCustomer(deps, agent, 'ann', 'helped');
  expect(await told()).toEqual(['ann 80 agents taken', 'ann 150 supervisors taken']);
});

it('ends when the customer leaves, and goes on when they were only out of sight', async () => {
  const began = clock.now;
  await enter('ann');
  pass(50);
  await look(deps);
  await leave('ann');
  await look(deps);
  expect(await told()).toEqual(['ann 80 agents left']);
  await enter('ann', 'chat', began);
  await look(restarted());
  expect(await told()).toEqual(['ann 80 agents stands']);
  await leave('ann');
  await enter('ann');
  pass(48);
  await look(restarted());
  expect(await told()).toEqual(['ann 80 agents left', 'ann 80 agents stands']);
});

it('holds to the steps the workspace set, from the next look on and with the change on record', async () => {
  const admin = north.actor('admin');
  await enter('ann');
  pass(30);
  await look(deps);
  expect(await readPlan(deps, north.workspaceId)).toEqual(DEFAULT_PLAN);
  const plan = { chat: [{ percent: 50, to: 'supervisors' as const }], call: [] };
  await setPlan(deps, admin, plan);
  await look(deps);
  expect(await told()).toEqual(['ann 50 supervisors stands']);
  expect(await readPlan(deps, north.workspaceId)).toEqual(plan);
  expect(await readPlan(deps, south.workspaceId)).toEqual(DEFAULT_PLAN);
  const noted = await withWorkspace(deps.db, north.workspaceId, (tx) =>
    tx.auditEntry.findMany({ where: { action: 'sla.escalationsChanged' } }),
  );
  expect(noted).toMatchObject([{ actorId: admin.userId, details: plan }]);
  await withWorkspace(deps.db, north.workspaceId, (tx) =>
    tx.escalationPlan.updateMany({ where: { channel: 'chat' }, data: { steps: [{ percent: 1 }] } }),
  );
  expect(await readPlan(deps, north.workspaceId)).toEqual({ chat: DEFAULT_PLAN.chat, call: [] });
});

it('is listed by page, channel and what stands, keys that are addresses cut, with the look on record', async () => {
  const as = (role: 'agent' | 'ops' | 'stakeholder', { actor } = north) =>
    createCaller({ actor: actor(role), deps });
  await enter('ann');
  await enter('eve@example.org', 'call');
  pass(DEFAULT_SLA.chat);
  await look(deps);
  await takeCustomer(deps, north.actor('agent'), 'ann');
  const first = await as('ops').escalations.list({ limit: 2 });
  const rest = await as('ops').escalations.list({ limit: 2, cursor: first.cursor ?? '' });
  expect(rest.cursor).toBeNull();
  const all = [...first.items, ...rest.items];
  expect(all).toHaveLength(3);
  expect(all.find(({ channel }) => channel === 'chat')).toMatchObject({
    customer: 'ann',
    takenBy: 'agent of north',
  });
  const calls = await as('agent').escalations.list({ channel: 'call', open: true });
  expect(calls.items).toMatchObject([
    { customer: null, label: 'ev•••', takenAt: null },
    { customer: null, label: 'ev•••', takenAt: null },
  ]);
  expect((await as('agent').escalations.list({ channel: 'chat', open: true })).items).toEqual([]);
  expect((await as('agent', south).escalations.list({})).items).toEqual([]);
  expect(await as('stakeholder').escalations.standing()).toEqual([
    { channel: 'call', to: 'supervisors', waits: 1, since: expect.any(Number) },
    { channel: 'call', to: 'agents', waits: 1, since: expect.any(Number) },
  ]);
  await expect(as('stakeholder').escalations.list({})).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(as('ops').escalations.list({ cursor: 'abc' })).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  const looks = await withWorkspace(deps.db, north.workspaceId, (tx) =>
    tx.auditEntry.findMany({ where: { action: 'escalations.listed' }, orderBy: { seq: 'asc' } }),
  );
  expect(looks.map(({ details }) => details)).toEqual([
    { channel: 'all', open: false, escalations: 2 },
    { channel: 'all', open: false, escalations: 1 },
    { channel: 'call', open: true, escalations: 2 },
    { channel: 'chat', open: true, escalations: 0 },
  ]);
});

it('is forgotten after a quarter, but not while it stands', async () => {
  await enter('ann');
  await enter('bob');
  pass(50);
  await look(deps);
  await leave('bob');
  await look(deps);
  const later = (days: number) => ({ ...deps, now: () => clock.now + days * DAY_MS });
  expect(await dropOldEscalations(later(91))).toBe(0);
  expect(await dropOldEscalations(later(93))).toBe(1);
  expect(await told()).toEqual(['ann 80 agents stands']);
});
