import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log/records';
import type { SignalOutput } from '@/server/streaming/partition-step';
import { deniedWithSignals, type HeldSignals } from './consent-signals';
import type { RuleSet } from './index';
import type { PartitionPump } from './partition-pump';
import { card, event, pumpOf, run, START, setOf } from './pump-fixtures';

const offers: RuleSet = {
  asksForEvents: () => false,
  wants: (name) => name === 'Payment Failed',
  evaluate: () =>
    (['service', 'marketing'] as const).map((purpose) => ({
      ruleId: purpose,
      ruleVersion: 1,
      purpose,
      action: { title: purpose },
      inputs: {},
      coolDownMs: 0,
    })),
};
const marketing: RuleSet = { ...offers, evaluate: (input) => offers.evaluate(input).slice(1) };

const failed = (minute: number, more: Partial<CustomerEvent> = {}) =>
  event('Payment Failed', minute, {}, more);
const GPC = { cs: { gpc: ['marketing'] } };

const decided = (pump: PartitionPump) =>
  pump.outputs.flatMap((output) => (output.o === 'decision' ? [output.purpose] : []));
const signals = (pump: PartitionPump) =>
  pump.outputs.filter((output): output is SignalOutput & { o: 'signal' } => output.o === 'signal');

/** What the record comes to: of each kind the newest signal told, of the same instant what any denies. */
function recorded(told: readonly SignalOutput[]): string[] {
  const newest = new Map<string, SignalOutput>();
  for (const one of told) {
    const held = newest.get(one.kind);
    if (held === undefined || one.at > held.at) newest.set(one.kind, one);
    else if (one.at === held.at)
      newest.set(one.kind, { ...held, denied: [...new Set([...held.denied, ...one.denied])] });
  }
  return [...new Set([...newest.values()].flatMap(({ denied }) => denied))].sort();
}

describe('a consent signal', () => {
  it('holds for the very event that brings it, and for those after it', () => {
    const pump = run([failed(0, GPC), failed(1)], pumpOf({ ruleSet: offers }));
    expect(decided(pump)).toEqual(['service', 'service']);
    expect(signals(pump)).toMatchObject([{ customer: 'u', kind: 'gpc', denied: ['marketing'], at: START }]);
    expect(card(pump)).toMatchObject({ denied: ['marketing'], signals: ['gpc'], optedOut: false });
  });

  it('takes back what was offered, and says nothing more when it repeats', () => {
    const pump = run([failed(0)], pumpOf({ ruleSet: marketing }));
    expect(card(pump).nextBestAction).toMatchObject({ purpose: 'marketing' });
    run([event('Seen', 1, {}, GPC), event('Seen', 2, {}, GPC), event('Seen', 3, {}, GPC)], pump);
    expect(card(pump).nextBestAction).toBeNull();
    expect(signals(pump)).toHaveLength(1);
  });

  it('that allows tells the record nothing where none denied, and takes back its own kind only', () => {
    const pump = run([event('Seen', 0, {}, { cs: { tcf: [] } })], pumpOf({ ruleSet: offers }));
    expect(signals(pump)).toEqual([]);
    run([event('Seen', 1, {}, { cs: { tcf: ['marketing'], gpc: ['marketing'] } })], pump);
    run([failed(2, { cs: { tcf: [] } })], pump);
    expect(decided(pump)).toEqual(['service']);
    expect(card(pump).signals).toEqual(['gpc']);
    run([failed(3, { cs: { gpc: [] } })], pump);
    expect(decided(pump)).toEqual(['service', 'service', 'marketing']);
    expect(signals(pump).map(({ kind, denied }) => [kind, denied.length])).toEqual([
      ['tcf', 1],
      ['gpc', 1],
      ['tcf', 0],
      ['gpc', 0],
    ]);
  });

  it('that allows lifts no denial of the person, nor does the person’s word last against a later signal', () => {
    const pump = pumpOf({ ruleSet: offers });
    setOf(pump, 'u').consent.set('u', { denied: ['marketing'], v: 1 });
    run([failed(0, { cs: { gpc: [] } })], pump);
    expect(decided(pump)).toEqual(['service']);

    const allowedAt = START + 5 * MINUTE_MS;
    run([failed(1, GPC)], pump);
    setOf(pump, 'u').consent.set('u', { denied: [], v: 2, w: { marketing: allowedAt } });
    run([failed(2), failed(4, GPC)], pump);
    expect(decided(pump).filter((purpose) => purpose === 'marketing')).toHaveLength(2);
    const told = signals(pump).length;
    run([failed(6, GPC)], pump);
    expect(decided(pump).filter((purpose) => purpose === 'marketing')).toHaveLength(2);
    expect(signals(pump)).toHaveLength(told + 1);
  });

  it('that allows is told to the record where the flags deny what the state has forgotten', () => {
    const pump = pumpOf();
    setOf(pump, 'u').consent.set('u', { denied: ['marketing'], v: 1 });
    run([event('Seen', 0, {}, { cs: { tcf: [] } }), event('Seen', 1, {}, { cs: { tcf: [] } })], pump);
    expect(signals(pump)).toMatchObject([{ kind: 'tcf', denied: [] }]);
  });

  it('of an anonymous key goes along to the customer it belongs to', () => {
    for (const partitions of [1, 4]) {
      const pump = pumpOf({ ruleSet: offers, partitions });
      run(
        [event('Seen', 0, {}, { c: 'anon', ...GPC }), event('Seen', 1, {}, { l: 'anon' }), failed(2)],
        pump,
      );
      expect(decided(pump)).toEqual(['service']);
      expect(signals(pump).map(({ customer }) => customer)).toEqual(['anon', 'u']);
      // The device is heard of again: what it signals is the customer's.
      run([event('Seen', 3, {}, { c: 'anon', cs: { gpc: [] } }), failed(4)], pump);
      expect(decided(pump)).toContain('marketing');
    }
  });

  it('is of no event of somebody who opted out, and of no digest', () => {
    const pump = pumpOf();
    setOf(pump, 'u').consent.set('u', { denied: ['profiling'], v: 1 });
    run([event('Seen', 0, {}, GPC)], pump);
    expect(signals(pump)).toEqual([]);
    const seen = event('Seen', 0);
    expect(run([{ ...seen, ...GPC }]).digest()).toBe(run([seen]).digest());
  });
});

it('comes to the same in whatever order and by whichever keys signals come', () => {
  const purposes = fc.subarray(['marketing', 'personalisation']);
  const one = fc.record({
    minute: fc.integer({ min: 0, max: 8 }),
    key: fc.constantFrom('u', 'anon'),
    kind: fc.constantFrom('gpc', 'tcf'),
    denied: purposes,
  });
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 8 }).chain((all) =>
        fc.record({
          all: fc.constant(all),
          order: fc.shuffledSubarray([...all.keys()], { minLength: all.length }),
          linkAt: fc.nat(all.length),
          partitions: fc.integer({ min: 1, max: 3 }),
        }),
      ),
      ({ all, order, linkAt, partitions }) => {
        const comes = (ranks: readonly number[], linkAfter: number) => {
          const pump = pumpOf({ partitions });
          const events = ranks.map((rank) => {
            const { minute, key, kind, denied } = all[rank] as (typeof all)[number];
            return event('Seen', minute, {}, { c: key, cs: { [kind]: denied } });
          });
          events.splice(linkAfter, 0, event('Seen', 9, {}, { l: 'anon' }));
          run(events, pump);
          const { sg } = (pump.state('u') ?? {}) as { sg?: HeldSignals };
          return { sg: sg ?? {}, told: signals(pump).filter(({ customer }) => customer === 'u') };
        };
        const [first, second] = [comes([...all.keys()], 0), comes(order, linkAt)];
        expect(second.sg).toEqual(first.sg);
        expect([...deniedWithSignals(second, null)].sort()).toEqual(recorded(second.told));
      },
    ),
    { numRuns: 300 },
  );
});
