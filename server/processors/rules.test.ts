import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import type { DecisionOutput } from '@/server/streaming/partition-step';
import { isHeldOut, type RuleFiring, type RuleSet } from './index';
import type { PartitionPump } from './partition-pump';
import { add, card, event, pumpOf, run, START, setOf } from './pump-fixtures';

describe('rules', () => {
  const failing: RuleSet = {
    asksForEvents: () => true,
    wants: (name) => name === 'Payment Failed',
    evaluate: ({ event: { n }, card: { cart, recent }, now }): RuleFiring[] => [
      {
        ruleId: 'r1',
        ruleVersion: 2,
        purpose: 'service',
        action: { title: 'Call', kind: 'service' },
        inputs: { name: n, value: cart?.value ?? 0, seen: recent.length, now },
        coolDownMs: 10 * MINUTE_MS,
        queue: { title: 'Call the customer' },
      },
      { ruleId: 'r2', ruleVersion: 1, purpose: 'marketing', action: {}, inputs: {}, coolDownMs: 0 },
    ],
  };
  const decisions = (pump: PartitionPump) =>
    pump.outputs.filter((output) => output.o === 'decision') as (DecisionOutput & { o: 'decision' })[];

  it('fire once per cool-down, put the action on the card and the customer into the queue', () => {
    const pump = run(
      [add(0), event('Payment Failed', 1), event('Payment Failed', 5), event('Payment Failed', 11)],
      pumpOf({ ruleSet: failing }),
    );
    expect(decisions(pump).filter(({ ruleId }) => ruleId === 'r1')).toMatchObject([
      { eventAt: START + MINUTE_MS, provisional: true, inputs: { value: 10, seen: 2 } },
      { eventAt: START + 11 * MINUTE_MS },
    ]);
    expect(new Set(decisions(pump).map(({ position }) => position)).size).toBe(decisions(pump).length);
    expect(card(pump).nextBestAction).toMatchObject({
      ruleId: 'r1',
      ruleVersion: 2,
      action: { title: 'Call' },
    });
    expect(pump.sets[0]?.queue.get('u')).toMatchObject({ reason: 'rule', title: 'Call the customer' });
    run([event('Order Completed', 12, { total: 1 })], pump);
    expect(pump.sets[0]?.queue.get('u') ?? null).toBe(null);
  });

  it('keep the customer in the queue for the visit of the firing, not for the next', () => {
    const pump = run([event('Payment Failed', 1)], pumpOf({ ruleSet: failing }));
    expect(pump.sets[0]?.queue.get('u')).toMatchObject({ reason: 'rule' });
    run([event('Product Viewed', 45)], pump);
    expect(pump.sets[0]?.queue.get('u') ?? null).toBe(null);
  });

  it('never use a denied purpose', () => {
    const pump = pumpOf({ ruleSet: failing });
    pump.sets[0]?.consent.set('u', { denied: ['marketing'], v: 1 });
    run([add(0), event('Payment Failed', 1)], pump);
    expect(decisions(pump).map(({ ruleId }) => ruleId)).toEqual(['r1']);
  });
});

describe('a holdout', () => {
  const HOLDOUT = { percent: 50, salt: 'holdout_1' };
  const keys = Array.from({ length: 40 }, (_, index) => `key-${index}`);
  const heldOut = keys.filter((key) => isHeldOut(HOLDOUT, key));
  const treated = keys.filter((key) => !isHeldOut(HOLDOUT, key));
  const [held = '', treatedKey = ''] = [heldOut[0], treated[0]];
  const firing = (ruleId: string, holdout: RuleFiring['holdout']): RuleFiring => ({
    ruleId,
    ruleVersion: 1,
    purpose: 'service',
    action: { title: ruleId },
    inputs: { seen: 1 },
    coolDownMs: 10 * MINUTE_MS,
    queue: { title: ruleId },
    useCaseId: 'usecase_1',
    holdout,
  });
  const asking = (...firings: RuleFiring[]): RuleSet => ({
    asksForEvents: () => false,
    wants: (name) => name === 'Payment Failed',
    evaluate: () => firings,
  });
  const failed = (minute: number, c: string, l?: string) =>
    event('Payment Failed', minute, {}, l === undefined ? { c } : { c, l });
  const decided = (pump: PartitionPump) =>
    pump.outputs.flatMap((output) => (output.o === 'decision' ? [output as DecisionOutput] : []));

  it('gets its decision and its cool-down, and nothing is done', () => {
    const pump = run(
      [failed(1, held), failed(5, held), failed(11, held), failed(1, treatedKey)],
      pumpOf({ ruleSet: asking(firing('r1', HOLDOUT)) }),
    );
    const minutes = (customer: string) =>
      decided(pump)
        .filter((one) => one.customer === customer)
        .map(({ eventAt }) => (eventAt - START) / MINUTE_MS);
    expect(minutes(held)).toEqual([1, 11]);
    expect(decided(pump).find(({ customer }) => customer === held)).toMatchObject({
      heldOut: true,
      useCaseId: 'usecase_1',
      action: { title: 'r1' },
      inputs: { seen: 1 },
    });
    expect(decided(pump).find(({ customer }) => customer === treatedKey)?.heldOut).toBe(false);
    expect(card(pump, held).nextBestAction).toBeNull();
    expect(card(pump, treatedKey).nextBestAction).toMatchObject({ ruleId: 'r1' });
    const { queue, aggregates } = setOf(pump, held);
    expect(queue.get(held) ?? null).toBeNull();
    expect(queue.get(treatedKey)).toMatchObject({ reason: 'rule' });
    expect(aggregates.counters.decisions).toBe(1);
  });

  it('of one rule leaves the place on the card to the next', () => {
    const pump = run(
      [failed(1, held)],
      pumpOf({ ruleSet: asking(firing('r1', HOLDOUT), firing('r2', undefined)) }),
    );
    expect(decided(pump).map(({ ruleId, heldOut }) => [ruleId, heldOut])).toEqual([
      ['r1', true],
      ['r2', false],
    ]);
    expect(card(pump, held).nextBestAction).toMatchObject({ ruleId: 'r2' });
  });

  it('goes by the key the event belongs to when it is decided: after a link by the user, whichever key came first', () => {
    const [user = '', anonymous = ''] = [heldOut[1], treated[1]];
    const link = event('Signed In', 2, {}, { c: user, l: anonymous });
    const ruleSet = asking({ ...firing('r1', HOLDOUT), coolDownMs: 0 });
    const before = run(
      [failed(1, anonymous), link, failed(3, anonymous)],
      pumpOf({ ruleSet, partitions: 2 }),
    );
    expect(decided(before).map(({ customer, heldOut }) => [customer, heldOut])).toEqual([
      [anonymous, false],
      [user, true],
    ]);
    const after = run([failed(1, user), link, failed(3, anonymous)], pumpOf({ ruleSet, partitions: 2 }));
    expect(decided(after).map(({ customer, heldOut }) => [customer, heldOut])).toEqual([
      [user, true],
      [user, true],
    ]);
  });

  it('is the same at every replay', () => {
    const events = keys.flatMap((key, index) => [failed(index, key), failed(index + 20, key)]);
    const replay = () =>
      decided(run(events, pumpOf({ ruleSet: asking(firing('r1', HOLDOUT)), partitions: 4 })));
    expect(replay()).toEqual(replay());
    expect(new Set(replay().map(({ heldOut }) => heldOut)).size).toBe(2);
  });
});
