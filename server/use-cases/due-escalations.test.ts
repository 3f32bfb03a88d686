import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { type DueEscalation, dueEscalations, escalationKey, type Register } from './due-escalations';
import { DEFAULT_PLAN, type EscalationPlan, escalationPlanSchema } from './escalation.schema';
import { escalationsByCustomer } from './wait-escalation';

const T0 = Date.parse('2026-11-23T10:00:00Z');
const SECOND_MS = 1_000;
const register: Register = {
  plan: DEFAULT_PLAN,
  sla: { chat: 60, call: 60 },
  known: new Set(),
  isTaken: () => false,
};
const wait = (customer: string, more: Partial<QueueEntry> = {}): QueueEntry => ({
  ...{ customer, reason: 'contact', title: 'chat', channel: 'chat', since: T0, at: T0 },
  ...more,
});
const stepsAt = (seconds: number, entry: QueueEntry, given: Partial<Register> = {}) =>
  dueEscalations([entry], { ...register, ...given }, T0 + seconds * SECOND_MS).map(({ percent, to }) => [
    percent,
    to,
  ]);

describe('steps that are due', () => {
  it.each([
    [47.999, []],
    [48, [[80, 'agents']]],
    [89.999, [[80, 'agents']]],
    [
      90,
      [
        [80, 'agents'],
        [150, 'supervisors'],
      ],
    ],
  ])('of a chat that may wait a minute, after %d s', (seconds, due) => {
    expect(stepsAt(seconds, wait('ann'))).toEqual(due);
  });

  it('keep chat and call apart, and leave carts and rules alone', () => {
    expect(stepsAt(60, wait('ann', { channel: 'call' }))).toEqual([
      [80, 'agents'],
      [100, 'supervisors'],
    ]);
    expect(stepsAt(60, wait('ann', { channel: 'call' }), { sla: { chat: 60, call: 600 } })).toEqual([]);
    expect(stepsAt(9_999, wait('ann', { reason: 'cart' }))).toEqual([]);
    expect(stepsAt(9_999, wait('ann', { reason: 'rule' }))).toEqual([]);
  });

  it('are those that nobody was told of, of whom nobody has, and none where there is no step', () => {
    const known = new Set([escalationKey({ customer: 'ann', waitedSince: T0, percent: 80 })]);
    expect(stepsAt(90, wait('ann'), { known })).toEqual([[150, 'supervisors']]);
    expect(
      stepsAt(90, wait('ann'), { isTaken: (customer, since) => customer === 'ann' && since === T0 }),
    ).toEqual([]);
    expect(stepsAt(90, wait('ann'), { plan: { ...DEFAULT_PLAN, chat: [] } })).toEqual([]);
  });

  it('come with those due first in front, whoever stands first in the queue', () => {
    const entries = [wait('late', { since: T0 + 5_000 }), wait('early')];
    const due = dueEscalations(entries, register, T0 + 100 * SECOND_MS);
    expect(due.map(({ customer, percent }) => `${customer} ${percent}`)).toEqual([
      'early 80',
      'late 80',
      'early 150',
      'late 150',
    ]);
  });
});

const percents = fc.uniqueArray(fc.integer({ min: 10, max: 1_000 }), { maxLength: 4 });
const steps = percents.map((all) =>
  all
    .sort((a, b) => a - b)
    .map((percent) => ({ percent, to: percent % 2 === 0 ? ('agents' as const) : ('supervisors' as const) })),
);
const plans: fc.Arbitrary<EscalationPlan> = fc.record({ chat: steps, call: steps });
const waits = fc.uniqueArray(
  fc.record({
    customer: fc.constantFrom('ann', 'bob', '__proto__', 'constructor'),
    channel: fc.constantFrom('chat' as const, 'call' as const),
    since: fc.integer({ min: T0, max: T0 + 600_000 }),
  }),
  { selector: ({ customer }) => customer },
);

describe('whenever one looks', () => {
  it('each step of each wait is raised exactly once, and never before its time', () => {
    fc.assert(
      fc.property(plans, waits, fc.array(fc.integer({ min: 0, max: 9_000_000 })), (plan, queue, looks) => {
        const entries = queue.map(({ customer, ...more }) => wait(customer, more));
        const end = T0 + 10_000_000;
        const known = new Set<string>();
        const raised: DueEscalation[] = [];
        for (const now of [...looks.map((after) => T0 + after).sort((a, b) => a - b), end]) {
          const due = dueEscalations(entries, { ...register, plan, known }, now);
          expect(due.every(({ dueAt }) => dueAt <= now)).toBe(true);
          for (const step of due) known.add(escalationKey(step));
          raised.push(...due);
        }
        const expected = queue.reduce((sum, { channel }) => sum + plan[channel].length, 0);
        expect(raised).toHaveLength(expected);
        expect(known.size).toBe(expected);
      }),
    );
  });
});

describe('the plan', () => {
  const chatOf = (...given: number[]) => ({
    ...DEFAULT_PLAN,
    chat: given.map((percent) => ({ percent, to: 'agents' as const })),
  });
  const problemsOf = (plan: unknown) =>
    escalationPlanSchema
      .safeParse(plan)
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

  it('ascends within its bounds, in four steps at most', () => {
    for (const plan of [DEFAULT_PLAN, chatOf(), chatOf(10, 100, 150, 1_000)])
      expect(escalationPlanSchema.parse(plan)).toEqual(plan);
    expect(problemsOf(chatOf(100, 100))).toEqual(['chat.1.percent: More than the step before it']);
    expect(problemsOf(chatOf(150, 80, 90))).toEqual(['chat.1.percent: More than the step before it']);
    expect(problemsOf(chatOf(9))).toEqual(['chat.0.percent: A whole per cent, 10 to 1,000']);
    expect(problemsOf(chatOf(80.5))).toEqual(['chat.0.percent: A whole per cent, 10 to 1,000']);
    expect(problemsOf(chatOf(1_001))).toEqual(['chat.0.percent: A whole per cent, 10 to 1,000']);
    expect(problemsOf(chatOf(10, 20, 30, 40, 50))).toEqual(['chat: At most 4 steps']);
    expect(problemsOf({ ...DEFAULT_PLAN, chat: [{ percent: 80, to: 'nobody' }] })).toHaveLength(1);
  });
});

describe('what the desk shows of a customer', () => {
  it('is the furthest step by to whom, of the wait that began last', () => {
    const step = (customer: string, waitedSince: number, percent: number, to: 'agents' | 'supervisors') => ({
      ...{ customer, waitedSince, percent, to },
    });
    const shown = escalationsByCustomer([
      step('ann', 2, 80, 'agents'),
      step('ann', 2, 120, 'agents'),
      step('ann', 2, 150, 'supervisors'),
      step('ann', 1, 900, 'agents'),
      step('__proto__', 7, 80, 'agents'),
    ]);
    expect(Object.entries(shown)).toEqual([
      ['ann', { since: 2, agents: 120, supervisors: 150 }],
      ['__proto__', { since: 7, agents: 80 }],
    ]);
  });
});
