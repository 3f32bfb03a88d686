import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import type { DecisionOutput } from '@/server/streaming/partition-step';
import type { RuleFiring, RuleSet } from './index';
import type { PartitionPump } from './partition-pump';
import { add, card, event, pumpOf, run, START } from './pump-fixtures';

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
