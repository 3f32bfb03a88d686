import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createCaller } from '@/server/api/root';
import { DAY_MS, SECOND_MS } from '@/server/core/durations';
import { dropOldEscalations } from '@/server/history';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { until } from '@/server/platform/until';
import { DEFAULT_PLAN } from './escalation.schema';
import { setPlan } from './escalation.service';
import { EscalationDesk } from './escalation-fixture';
import { readPlan } from './escalation-plan.repository';
import { finishCustomer, takeCustomer } from './queue-claim.service';
import { DEFAULT_SLA } from './sla.schema';

let desk: EscalationDesk;
let deps: Deps;
let north: EscalationDesk['north'];
let south: EscalationDesk['south'];

beforeAll(async () => {
  desk = await EscalationDesk.open();
  ({ deps, north, south } = desk);
});

beforeEach(() => desk.clear());

it('raises each step once as the wait goes on, in its own workspace', async () => {
  const began = desk.clock.now;
  await desk.enter('ann');
  await desk.enter('bob', 'call', began, south);
  desk.pass(47);
  expect(await desk.look()).toMatchObject({ escalated: 0 });
  desk.pass(1);
  expect(await desk.look()).toMatchObject({ escalated: 2 });
  expect(await desk.look()).toMatchObject({ escalated: 0 });
  expect(await desk.told()).toEqual(['ann 80 agents stands']);
  expect(await desk.shown()).toEqual({ ann: { since: began, agents: 80 } });
  desk.pass(42);
  await desk.look();
  expect(await desk.told()).toEqual(['ann 80 agents stands', 'ann 150 supervisors stands']);
  expect(await desk.told(south)).toEqual(['bob 80 agents stands', 'bob 100 supervisors stands']);
  expect(await desk.shown()).toEqual({ ann: { since: began, agents: 80, supervisors: 150 } });
  const [first] = await desk.rowsOf();
  expect(first).toMatchObject({
    channel: 'chat',
    waitedSince: new Date(began),
    dueAt: new Date(began + 48 * SECOND_MS),
    raisedAt: new Date(began + 48 * SECOND_MS),
  });
});

it('raises once when two look at the same time, and when one looks again after a restart', async () => {
  for (let index = 0; index < 30; index += 1) await desk.enter(`c${index}`);
  desk.pass(100);
  const looks = await Promise.all([deps, desk.restarted(), desk.restarted()].map((by) => desk.look(by)));
  expect(looks.reduce((sum, { escalated }) => sum + escalated, 0)).toBe(60);
  expect(await desk.look(desk.restarted())).toMatchObject({ escalated: 0 });
  expect(await desk.rowsOf()).toHaveLength(60);
});

it('raises late what still waits, and nothing of who was taken or left meanwhile', async () => {
  const agent = north.actor('agent');
  for (const customer of ['gone', 'taken', 'waits']) await desk.enter(customer);
  await takeCustomer(deps, agent, 'taken');
  desk.pass(3_600);
  await desk.leave('gone');
  await desk.look(desk.restarted());
  expect(await desk.told()).toEqual(['waits 80 agents stands', 'waits 150 supervisors stands']);
  await finishCustomer(deps, agent, 'taken', 'helped');
  expect(await desk.look(desk.restarted())).toMatchObject({ escalated: 0 });
});

it('never raises a wait that is taken while one looks: the two wait for each other', async () => {
  const { workspaceId } = north;
  await desk.enter('ann');
  desk.pass(48);
  const waiting = () => deps.db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  let both: Promise<unknown> | undefined;
  await deps.db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`queue.escalations ${workspaceId}`}, 0))`;
    both = Promise.all([takeCustomer(deps, north.actor('agent'), 'ann'), desk.look(desk.restarted())]);
    await until(async () => (await waiting())[0]?.count === 2, { what: 'who takes and who raises wait' });
  });
  await both;
  expect((await desk.told()).filter((each) => each.endsWith('stands'))).toEqual([]);
  expect(await desk.shown()).toEqual({});
});

it('ends with who took the customer, and stands again when they give them back', async () => {
  const agent = north.actor('agent');
  const began = desk.clock.now;
  await desk.enter('ann');
  desk.pass(50);
  await desk.look();
  await takeCustomer(deps, agent, 'ann');
  const [taken] = await desk.rowsOf();
  expect(taken).toMatchObject({ takenById: agent.userId, takenAt: new Date(desk.clock.now), leftAt: null });
  expect(await desk.shown()).toEqual({});
  desk.pass(100);
  expect(await desk.look()).toMatchObject({ escalated: 0 });
  await finishCustomer(deps, agent, 'ann', 'released');
  expect(await desk.told()).toEqual(['ann 80 agents stands']);
  expect(await desk.shown()).toEqual({ ann: { since: began, agents: 80 } });
  expect(await desk.look()).toMatchObject({ escalated: 1 });
  await takeCustomer(deps, agent, 'ann');
  await finishCustomer(deps, agent, 'ann', 'helped');
  expect(await desk.told()).toEqual(['ann 80 agents taken', 'ann 150 supervisors taken']);
});

it('ends when the customer leaves, and goes on when they were only out of sight', async () => {
  const began = desk.clock.now;
  await desk.enter('ann');
  desk.pass(50);
  await desk.look();
  await desk.leave('ann');
  await desk.look();
  expect(await desk.told()).toEqual(['ann 80 agents left']);
  await desk.enter('ann', 'chat', began);
  await desk.look(desk.restarted());
  expect(await desk.told()).toEqual(['ann 80 agents stands']);
  await desk.leave('ann');
  await desk.enter('ann');
  desk.pass(48);
  await desk.look(desk.restarted());
  expect(await desk.told()).toEqual(['ann 80 agents left', 'ann 80 agents stands']);
});

it('holds to the steps the workspace set, from the next look on and with the change on record', async () => {
  const admin = north.actor('admin');
  await desk.enter('ann');
  desk.pass(30);
  await desk.look();
  expect(await readPlan(deps, north.workspaceId)).toEqual(DEFAULT_PLAN);
  const plan = { chat: [{ percent: 50, to: 'supervisors' as const }], call: [] };
  await setPlan(deps, admin, plan);
  await desk.look();
  expect(await desk.told()).toEqual(['ann 50 supervisors stands']);
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
  await desk.enter('ann');
  await desk.enter('eve@example.org', 'call');
  desk.pass(DEFAULT_SLA.chat);
  await desk.look();
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
  await desk.enter('ann');
  await desk.enter('bob');
  desk.pass(50);
  await desk.look();
  await desk.leave('bob');
  await desk.look();
  const later = (days: number) => ({ ...deps, now: () => desk.clock.now + days * DAY_MS });
  expect(await dropOldEscalations(later(91))).toBe(0);
  expect(await dropOldEscalations(later(93))).toBe(1);
  expect(await desk.told()).toEqual(['ann 80 agents stands']);
});
