import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log/records';
import { FACT_KINDS } from '@/server/streaming/fact';
import { createProcessor, lexiconSentiment, type RuleSet } from './index';
import { FACT_COUNTERS } from './metrics';
import { PartitionPump } from './partition-pump';
import { add, event, SETTINGS, START } from './pump-fixtures';
import { OPERATORS, operatorOf, STEP_OPERATORS, type StepOperator } from './topology.schema';
import { downstreamOf, EDGES } from './topology-edges.schema';

const EVERY_CART: RuleSet = {
  asksForEvents: () => false,
  wants: (name) => name === 'Product Added',
  evaluate: () => [
    {
      ruleId: 'r1',
      ruleVersion: 1,
      purpose: 'offers',
      action: { offer: 'tea' },
      inputs: {},
      coolDownMs: 0,
      queue: { title: 'cart' },
    },
  ],
};

/** Runs events with a probe that notes the operators entered, and who had the event in hand as each fact came. */
function watch(events: CustomerEvent[], every = 1) {
  const entered = new Set<string>();
  const emitted = new Map<string, Set<string>>();
  let followed = 0;
  let seen = 0;
  const processor = createProcessor({
    settings: SETTINGS,
    ruleSet: EVERY_CART,
    sentiment: lexiconSentiment,
    workspaceId: 'w',
    probe: {
      wants: () => {
        seen += 1;
        return seen % every === 0;
      },
      enter: (operator: StepOperator) => entered.add(operator),
      leave: () => {
        followed += 1;
      },
    },
  });
  const pump = new PartitionPump(processor, 2);
  for (const set of pump.sets) {
    const outputs: typeof set.outputs = [];
    // Looks at each fact as it is put out, while the operator still has the event in hand.
    outputs.push = (...items) => {
      for (const item of items) {
        if (item.o !== 'fact') continue;
        const operator = processor.inHand ?? '';
        emitted.set(operator, (emitted.get(operator) ?? new Set()).add(item.kind));
      }
      return Array.prototype.push.apply(outputs, items);
    };
    set.outputs = outputs;
  }
  for (const one of events) {
    pump.append(one);
    pump.drain();
  }
  pump.tick(START + 600 * MINUTE_MS);
  return { entered, emitted, followed, pump };
}

const order = (minute: number, more: Partial<CustomerEvent> = {}) =>
  event('Order Completed', minute, { order_id: `o${minute}`, total: 20 }, more);

/** A day in which everything happens. */
const DAY: CustomerEvent[] = [
  event('Product Viewed', 0),
  add(1),
  order(3),
  event('Order Refunded', 4, { order_id: 'o3', total: 5 }),
  add(10),
  event('Product Removed', 11, { product_id: 'p1', quantity: 1 }),
  add(12, {}, { c: 'a' }),
  event('Transcript Segment', 14, {
    contactId: 'c1',
    participant: 'customer',
    text: 'this is terrible',
    beginMs: 1,
  }),
  event('Login', 15, {}, { l: 'a' }),
  event('Product Viewed', 60),
  order(1, { id: 'late-order' }),
  add(100),
  event('Product Viewed', 200),
  order(220),
];

describe('the topology', () => {
  it('names every operator that the step enters, and no other', () => {
    const { entered } = watch(DAY);
    expect([...entered].sort()).toEqual([...STEP_OPERATORS].sort());
  });

  it('lets facts come only from operators that are said to emit them', () => {
    const { emitted, pump } = watch(DAY);
    expect(pump.outputs.some((output) => output.o === 'late')).toBe(true);
    for (const [operator, kinds] of emitted) {
      const { emits } = operatorOf(operator as StepOperator);
      expect([...kinds].filter((kind) => !(emits as string[]).includes(kind))).toEqual([]);
    }
    expect([...emitted.keys()]).toEqual(expect.arrayContaining(['visits', 'carts', 'purchases', 'late']));
  });

  it('knows an emitter of every kind of fact, and counts it', () => {
    const emits = new Set(OPERATORS.flatMap((operator) => operator.emits));
    expect([...emits].sort()).toEqual([...FACT_KINDS].sort());
    const counted = new Set(OPERATORS.flatMap(({ gives }) => gives as readonly string[]));
    for (const counter of Object.values(FACT_COUNTERS)) expect(counted).toContain(counter);
  });

  it('gives the same result whatever is followed', () => {
    const all = watch(DAY, 1);
    const none = watch(DAY, Number.POSITIVE_INFINITY);
    expect(all.followed).toBe(DAY.length);
    expect(none.followed).toBe(0);
    expect(none.pump.digest()).toBe(all.pump.digest());
    expect(none.pump.outputs).toEqual(all.pump.outputs);
  });

  it('joins operators that exist, each reached from the collector', () => {
    const keys = OPERATORS.map(({ key }) => key);
    for (const { from, to } of EDGES) expect(keys).toEqual(expect.arrayContaining([from, to]));
    expect(downstreamOf('collector').sort()).toEqual(keys.filter((key) => key !== 'collector').sort());
    expect(downstreamOf('push')).toEqual([]);
    expect(downstreamOf('queue')).toEqual(['push']);
  });
});
