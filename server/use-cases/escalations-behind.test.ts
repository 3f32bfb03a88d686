import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { withWorkspace } from '@/server/platform/postgres';
import { event, run, START } from '@/server/processors/pump-fixtures';
import { EscalationDesk } from './escalation-fixture';
import { superviseQueue } from './queue-supervision.service';
import { DEFAULT_SLA } from './sla.schema';

let desk: EscalationDesk;

beforeAll(async () => {
  desk = await EscalationDesk.open();
});

beforeEach(() => desk.clear());

/** The oldest record of the customer's partition that is not processed came so many seconds ago. */
const fallBehind = (customer: string, seconds: number) =>
  desk.deps.logRedis.xadd(
    desk.keyOf(customer, 'log'),
    `${desk.clock.now - seconds * SECOND_MS}-0`,
    'r',
    '[]',
  );
/** A timer of the customer's partition has been due for so many seconds. */
const leaveTimer = (customer: string, seconds: number) =>
  desk.deps.logRedis.zadd(desk.keyOf(customer, 'timers'), desk.clock.now - seconds * SECOND_MS, customer);
const catchUp = (customer: string) =>
  desk.deps.logRedis.hset(desk.keyOf(customer, 'offset:main'), 'id', `${desk.clock.now}-0`);
/** A record came so many seconds ago, and nothing in the customer's partition is younger than so long before that. */
const feedOldEvents = async (customer: string, seconds = 1, ageSeconds = 3_600) => {
  const at = desk.clock.now - seconds * SECOND_MS;
  await desk.deps.logRedis.hset(desk.keyOf(customer, 'offset:main'), 'id', `${at}-0`);
  await desk.deps.logRedis.hset(desk.keyOf(customer, 'clock'), 'newest', `${at - ageSeconds * SECOND_MS}`);
};

it('raises nothing of who had left, when the stream has yet to catch up', async () => {
  const customers = ['gone', 'waits'];
  for (const customer of customers) await desk.enter(customer);
  desk.pass(3_600);
  for (const customer of customers) await fallBehind(customer, 3_000);
  const by = desk.restarted();
  expect(await desk.look(by)).toEqual({ breached: 0, ended: 0, escalated: 0 });
  desk.pass(5);
  await desk.leave('gone');
  for (const customer of customers) await catchUp(customer);
  expect(await desk.look(by)).toEqual({ breached: 1, ended: 0, escalated: 2 });
  expect(await desk.told()).toEqual(['waits 80 agents stands', 'waits 150 supervisors stands']);
});

it('raises nothing while a source that was away sends what happened meanwhile', async () => {
  await desk.enter('gone');
  desk.pass(600);
  await feedOldEvents('gone');
  const by = desk.restarted();
  expect(await desk.look(by)).toMatchObject({ breached: 0, escalated: 0 });
  await desk.leave('gone');
  desk.pass(5);
  expect(await desk.look(by)).toMatchObject({ breached: 0, escalated: 0 });
  await desk.enter('waits', 'chat', desk.clock.now - 50 * SECOND_MS);
  await feedOldEvents('waits', 5);
  expect(await desk.look(by)).toMatchObject({ escalated: 1 });
});

it.each([
  ['stays behind', async () => fallBehind('ann', 60), true],
  ['sees to no timer', async () => leaveTimer('ann', 41), true],
  ['is taken by nobody', async () => undefined, false],
])('raises a minute late at most, when the stream %s', async (_, prepare, isAttended) => {
  await desk.enter('ann');
  desk.pass(90);
  await prepare();
  const by = desk.restarted();
  const seen = () => (isAttended ? desk.look(by) : superviseQueue(by));
  expect(await seen()).toMatchObject({ breached: 0, escalated: 0 });
  desk.pass(59);
  expect(await seen()).toMatchObject({ breached: 0, escalated: 0 });
  desk.pass(1);
  expect(await seen()).toMatchObject({ breached: 1, escalated: 2 });
  const [first] = await desk.rowsOf();
  expect(first?.raisedAt).toEqual(new Date(desk.clock.now));
});

it('raises nothing for as long as a source sends what happened meanwhile, should that take minutes', async () => {
  await desk.enter('gone');
  desk.pass(3_600);
  const by = desk.restarted();
  for (let seconds = 0; seconds < 120; seconds += 5) {
    await feedOldEvents('gone', 1, 3_500 - seconds * 20);
    expect(await desk.look(by)).toMatchObject({ breached: 0, escalated: 0 });
    desk.pass(5);
  }
});

describe('who left', () => {
  /** A chat as the stream keeps it: begun at START, ended so many minutes later. */
  const endChat = async (customer: string, endMinute: number) => {
    const chat = { conversation_id: 'chat-1' };
    const pump = run([
      event('Live Chat Conversation Started', 0, chat, { c: customer }),
      event('Live Chat Conversation Ended', endMinute, chat, { c: customer }),
    ]);
    await desk.deps.logRedis.hset(
      desk.keyOf(customer, 'state'),
      customer,
      JSON.stringify(pump.state(customer)),
    );
    await desk.leave(customer);
  };
  const waitsOnRecord = () =>
    withWorkspace(desk.deps.db, desk.north.workspaceId, (tx) => tx.queueClaim.findMany());
  const raiseChat = async () => {
    desk.clock.now = START;
    await desk.enter('ann');
    desk.pass(200);
    await desk.look();
    expect(await desk.told()).toEqual(['ann 80 agents stands', 'ann 150 supervisors stands']);
  };

  it('has left when the chat ended, however late that was learned', async () => {
    await raiseChat();
    await endChat('ann', 4);
    desk.pass(30 * 60);
    await desk.look();
    const endedAt = new Date(START + 4 * MINUTE_MS);
    expect((await desk.rowsOf()).map(({ leftAt }) => leftAt)).toEqual([endedAt, endedAt]);
    expect(await waitsOnRecord()).toMatchObject([
      { doneAt: endedAt, outcome: 'left', breachedAt: new Date(START + DEFAULT_SLA.chat * SECOND_MS) },
    ]);
  });

  it('passed no time when the chat turns out to have ended before its time was up', async () => {
    await raiseChat();
    await endChat('ann', 0.5);
    await desk.look();
    expect(await waitsOnRecord()).toMatchObject([
      { doneAt: new Date(START + MINUTE_MS / 2), outcome: 'left', breachedAt: null },
    ]);
  });

  it('has left when that was learned, where no event says when', async () => {
    await raiseChat();
    await desk.leave('ann');
    await desk.look();
    const now = new Date(desk.clock.now);
    expect((await desk.rowsOf()).map(({ leftAt }) => leftAt)).toEqual([now, now]);
  });
});
