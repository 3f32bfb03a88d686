import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { countedCalls } from '@/server/platform/testing/counted-calls';
import { testDatabase } from '@/server/platform/testing/test-database';
import { testRedis } from '@/server/platform/testing/test-redis';
import { attendAll } from './attended-fixture';
import { breachOf, finishCustomer, setSla, takeCustomer } from './queue-claim.service';
import { superviseQueue } from './queue-supervision.service';
import { readSla } from './sla.repository';
import { DEFAULT_SLA } from './sla.schema';

const WORKSPACES = ['ws_one', 'ws_two'] as const;
const SECOND_MS = 1_000;
const NOTHING = { breached: 0, ended: 0, escalated: 0 };
const clock = { now: Date.parse('2026-11-23T10:00:00Z') };
const began = clock.now;
const shardIds = new Map<string, number>();
let deps: Deps;

beforeAll(async () => {
  const [database, redis] = await Promise.all([testDatabase(), testRedis()]);
  const [logRedis, queueRedis] = [new Redis(redis.url), new Redis(redis.queueUrl)];
  afterAll(() => {
    logRedis.disconnect();
    queueRedis.disconnect();
  });
  let made = 0;
  const newId = (prefix: string) => {
    made += 1;
    return `${prefix}_${made}`;
  };
  deps = { db: database.prisma, logRedis, queueRedis, now: () => clock.now, newId };
  await deps.db.user.create({ data: { id: 'u_agent', email: 'agent@example.test', name: 'Ada' } });
  for (const id of WORKSPACES) {
    await deps.db.workspace.create({ data: { id, name: id, slug: id } });
    const shard = await withWorkspace(deps.db, id, (tx) =>
      tx.shard.create({ data: { workspaceId: id, region: 'eu', partitions: 1 } }),
    );
    shardIds.set(id, shard.id);
  }
});

/** One look at queues that are of now. */
async function look(by: Deps) {
  await attendAll(deps);
  return superviseQueue(by);
}

const queueOf = (workspaceId: string) => `{${shardIds.get(workspaceId)}.0}:queue`;
const enter = (workspaceId: string, customer: string) =>
  deps.logRedis.hset(
    queueOf(workspaceId),
    customer,
    JSON.stringify({ customer, reason: 'contact', channel: 'chat', since: began }),
  );
const leave = (workspaceId: string, customer: string) => deps.logRedis.hdel(queueOf(workspaceId), customer);
const recorded = (workspaceId: string) =>
  withWorkspace(deps.db, workspaceId, (tx) =>
    tx.queueClaim.findMany({ orderBy: { customer: 'asc' } }).then((rows) =>
      rows.map(({ customer, takenById, outcome, breachedAt }) => ({
        customer,
        takenById,
        outcome,
        breached: breachedAt !== null,
      })),
    ),
  );

it('notes each breach once, in its own workspace, and ends what left', async () => {
  await enter('ws_one', 'ann');
  await enter('ws_two', 'bob');
  expect(await look(deps)).toEqual(NOTHING);
  clock.now = began + (DEFAULT_SLA.chat + 1) * SECOND_MS;
  expect(await look(deps)).toEqual({ breached: 2, ended: 0, escalated: 2 });
  expect(await look(deps)).toEqual(NOTHING);
  const breached = { takenById: null, outcome: null, breached: true };
  expect(await recorded('ws_one')).toEqual([{ customer: 'ann', ...breached }]);
  expect(await recorded('ws_two')).toEqual([{ customer: 'bob', ...breached }]);
  await leave('ws_two', 'bob');
  expect(await look(deps)).toEqual({ ...NOTHING, ended: 1 });
  expect(await recorded('ws_two')).toEqual([{ customer: 'bob', ...breached, outcome: 'left' }]);
  expect(await recorded('ws_one')).toEqual([{ customer: 'ann', ...breached }]);
  expect(await look(deps)).toEqual(NOTHING);
});

it('knows at once what agents took, gave back and allowed since the last time', async () => {
  const agent = { workspaceId: 'ws_two', userId: 'u_agent', name: 'Ada' };
  await enter('ws_two', 'eve');
  await takeCustomer(deps, agent, 'eve');
  await leave('ws_two', 'eve');
  expect(await look(deps)).toEqual({ ...NOTHING, ended: 1 });
  await enter('ws_two', 'fay');
  await takeCustomer(deps, agent, 'fay');
  await look(deps);
  await finishCustomer(deps, agent, 'fay', 'helped');
  await leave('ws_two', 'fay');
  expect(await look(deps)).toEqual(NOTHING);
  await setSla(deps, { workspaceId: 'ws_one', userId: 'u_agent' }, { ...DEFAULT_SLA, chat: 80_000 });
  await enter('ws_one', 'gus');
  expect(await look(deps)).toEqual(NOTHING);
});

it('reads nothing from the database of a workspace without changes, but all within a minute', async () => {
  await look(deps);
  const { db, count } = countedCalls(deps.db, '$transaction');
  const counted = { ...deps, db };
  await look(counted);
  const first = count();
  await look(counted);
  expect(count()).toBe(first);
  // What is given back after its time has passed is on record as breached already.
  const agent = { workspaceId: 'ws_two', userId: 'u_agent', name: 'Ada' };
  await enter('ws_two', 'hal');
  expect(await look(deps)).toMatchObject({ breached: 1 });
  await takeCustomer(deps, agent, 'hal');
  await finishCustomer(deps, agent, 'hal', 'released');
  for (let turn = 0; turn < 2; turn += 1) expect(await look(counted)).toEqual(NOTHING);
  const before = count();
  await look(counted);
  expect(count()).toBe(before);
  clock.now += 60 * SECOND_MS;
  await look(counted);
  expect(count()).toBeGreaterThan(before);
});

it('keeps apart how long a chat and a call may wait, what an older release set holds for both, and a change is on record', async () => {
  const author = { workspaceId: 'ws_one', userId: 'u_agent' };
  await withWorkspace(deps.db, 'ws_two', (tx) =>
    tx.slaPolicy.create({ data: { id: 'sla_old', workspaceId: 'ws_two', reason: 'contact', seconds: 77 } }),
  );
  expect(await readSla(deps, 'ws_two')).toEqual({ ...DEFAULT_SLA, chat: 77, call: 77 });
  const sla = { ...DEFAULT_SLA, chat: 30, call: 300 };
  await setSla(deps, author, sla);
  expect(await readSla(deps, 'ws_one')).toEqual(sla);
  const wait = { reason: 'contact', since: 0 } as const;
  expect(breachOf({ ...wait, channel: 'chat' }, sla, 31_000)).toEqual(new Date(30_000));
  expect(breachOf({ ...wait, channel: 'call' }, sla, 31_000)).toBeNull();
  const noted = await withWorkspace(deps.db, 'ws_one', (tx) =>
    tx.auditEntry.findMany({ where: { action: 'sla.changed' }, select: { actorId: true }, take: 1 }),
  );
  expect(noted).toEqual([{ actorId: 'u_agent' }]);
});

it('goes on with the other queues where one cannot be read, and tells of it', async () => {
  const queue = queueOf('ws_one');
  await deps.logRedis.del(queue);
  await deps.logRedis.set(queue, 'torn');
  await enter('ws_two', 'late');
  const before = (await recorded('ws_two')).length;
  await expect(look(deps)).rejects.toThrow('1 of 2 failed: ws_one (WRONGTYPE');
  const waits = await recorded('ws_two');
  expect(waits).toHaveLength(before + 1);
  expect(waits).toContainEqual(expect.objectContaining({ customer: 'late', breached: true }));
});
