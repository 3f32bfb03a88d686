import { expect, it } from 'vitest';
import { plainEvent } from '@/server/event-log/event-fixture';
import type { RuleCard } from '@/server/processors';
import { audienceFaults, compileAudience } from './compile-audience';
import { compileRule, type RuleAtVersion } from './compile-rule';
import type { RuleDefinition } from './rule.schema';
import { audienceContext } from './rule-context';
import { createRuleSet } from './rule-set';

const AT = Date.parse('2026-11-23T10:00:00Z');
const RETURNING = { id: 'aud1', version: 4, name: 'Returning', condition: 'card.orders > 0' };

function card(over: Partial<RuleCard> = {}): RuleCard {
  return { visits: 1, firstSeenAt: AT, orders: 0, revenue: 0, recent: [], traits: {}, ...over };
}

function rule(id: string, over: Partial<RuleAtVersion> = {}, condition = ''): RuleAtVersion {
  const definition: RuleDefinition = {
    when: ['Payment Failed'],
    if: condition,
    // biome-ignore lint/suspicious/noThenProperty: the word of the domain, never awaited
    then: { kind: 'service', title: 'Call the customer', reason: 'Payment failed' },
    purpose: 'service',
    coolDownSeconds: 60,
    priority: 50,
    queue: true,
  };
  return { id, version: 3, name: `rule ${id}`, definition, ...over };
}

const on = plainEvent('m1', 'u1', { t: AT, r: AT, n: 'Payment Failed', p: { total: 20 } });

function fired(rules: RuleAtVersion[], with_: RuleCard) {
  const input = { event: on, card: with_, consent: { denied: [] }, now: AT };
  return createRuleSet(rules).evaluate(input);
}

it('fires for who is in the audience, and keeps what the audience read with the decision', () => {
  const forReturning = rule('r1', { audience: RETURNING }, 'event.number("total") > 10');
  expect(fired([forReturning], card())).toEqual([]);
  expect(fired([forReturning], card({ orders: 2 }))).toMatchObject([
    { ruleId: 'r1', inputs: { 'card.orders': 2, 'event.number("total")': 20 } },
  ]);
});

it('leaves rules for everyone as they are', () => {
  expect(fired([rule('r1', { audience: null }), rule('r2')], card()).map(({ ruleId }) => ruleId)).toEqual([
    'r1',
    'r2',
  ]);
});

it('asks an audience once for all rules of an event, and not at all for an event no rule waits for', () => {
  let asked = 0;
  const counting = card();
  Object.defineProperty(counting, 'traits', {
    get: () => ({
      get tier() {
        asked += 1;
        return 'gold';
      },
    }),
  });
  const gold = { ...RETURNING, condition: 'has(card.traits.tier) && card.traits.tier == "gold"' };
  const rules = ['a', 'b', 'c'].map((id) => rule(id, { audience: gold }, 'event.number("total") > 100'));
  const set = createRuleSet(rules);
  const input = { event: on, card: counting, consent: { denied: [] }, now: AT };
  set.evaluate(input);
  const once = asked;
  expect(once).toBeGreaterThan(0);
  createRuleSet(rules.slice(0, 1)).evaluate(input);
  expect(asked - once).toBe(once);
  set.evaluate({ ...input, event: { ...on, n: 'Page Viewed' } });
  expect(asked - once).toBe(once);
});

it('has the last events at hand where only the audience asks for them', () => {
  const audience = { ...RETURNING, condition: 'card.count("Coupon Applied", 30) >= 1' };
  expect(createRuleSet([rule('r1', { audience })]).asksForEvents('Payment Failed')).toBe(true);
  expect(createRuleSet([rule('r1')]).asksForEvents('Payment Failed')).toBe(false);
});

it('takes a customer about whom nothing is known for what they are: no order, no cart, no trait', () => {
  const contains = (condition: string, over: Partial<RuleCard> = {}) =>
    compileAudience({ name: 'a', condition }).includes(audienceContext(card(over), ['marketing'], AT));
  expect(contains('card.daysSinceOrder > 365')).toBe(true);
  expect(contains('card.cart.open || card.visit.live || card.contact.open')).toBe(false);
  expect(contains('has(card.traits.tier) && card.traits.tier == "gold"')).toBe(false);
  expect(contains('consent.allows("marketing")')).toBe(false);
  // A trait of another kind than the condition means, or null: the condition fails, and nobody is in it.
  const older = 'has(card.traits.age) && card.traits.age > 30';
  expect(contains(older, { traits: { age: 31 } })).toBe(true);
  expect(contains(older, { traits: { age: 'thirty-one' } })).toBe(false);
  expect(contains(older, { traits: { age: null } })).toBe(false);
});

it.each([
  ['event.number("total") > 10', 'Unknown name event: use card or consent', 0, 5],
  ['card.order > 0', 'There is no field order here', 5, 10],
  ['card.orders', 'The condition must be true or false, this is double', 0, 11],
  [
    'card.traits.tier == "gold"',
    'card.traits.tier may be absent: write has(card.traits.tier) && … before it',
    0,
    16,
  ],
])('says where %s is wrong', (condition, message, start, end) => {
  expect(audienceFaults(condition)).toEqual([{ field: 'condition', message, start, end }]);
});

it('refuses to compile a rule for an audience that is faulty: it must not run for everyone', () => {
  const audience = { ...RETURNING, condition: 'card.nothing > 1' };
  expect(() => compileRule(rule('r1', { audience }))).toThrow(/Audience "Returning" has a faulty condition/);
});
