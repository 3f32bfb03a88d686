import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log/records';
import { createProcessor, lexiconSentiment, NO_RULES } from './index';
import { PartitionPump } from './partition-pump';

/** Where the timelines begin. No instant is special: neither the one that is 0 nor those below it. */
const BEGINNINGS = [
  '2026-03-01T10:00:00Z',
  '1970-01-01T00:00:00Z',
  '1969-12-31T23:40:00Z',
  '1900-01-01T00:00:00Z',
];
const RECEIVED = Date.parse('2026-03-02T00:00:00Z');
const SETTINGS = {
  visitGapMs: 30 * MINUTE_MS,
  cartGapMs: 30 * MINUTE_MS,
  latenessMs: 10 * MINUTE_MS,
  currency: 'EUR',
};
const TWO = 2;
let nextId = 0;

type Step = { name: string; minute: number; id?: string; customer?: string; link?: string };

function eventOf(start: number, { name, minute, id, customer = 'u', link }: Step): CustomerEvent {
  nextId += 1;
  const y = name === 'page' ? 'page' : name === 'identify' ? 'identify' : 'track';
  const names: Record<string, string> = {
    add: 'Product Added',
    removed: 'Product Removed',
    order: 'Order Completed',
    page: 'Home',
  };
  const p: JsonObject = name === 'order' ? { total: 20 } : { product_id: 'p1', price: 9.99, quantity: 1 };
  const event: CustomerEvent = {
    k: 'e',
    id: id ?? `m${String(nextId).padStart(6, '0')}`,
    c: customer,
    t: start + Math.round(minute * MINUTE_MS),
    r: RECEIVED,
    s: 'src',
    y,
    n: names[name] ?? name,
    pl: 'web',
    p: y === 'track' ? p : {},
  };
  if (link !== undefined) event.l = link;
  return event;
}

const at = (name: string, minute: number, more: Partial<Step> = {}): Step => ({ name, minute, ...more });

function pumpOf(partitions: number): PartitionPump {
  return new PartitionPump(
    createProcessor({ settings: SETTINGS, ruleSet: NO_RULES, sentiment: lexiconSentiment, workspaceId: 'w' }),
    partitions,
  );
}

/** Facts as `kind@minute`, without the bare `order`s. */
function resultOf(start: number, steps: Step[], partitions = 1): string[] {
  const pump = pumpOf(partitions);
  for (const step of steps) {
    pump.append(eventOf(start, step));
    pump.drain();
  }
  pump.tick(start + 10 * HOUR_MS);
  return pump
    .facts()
    .filter((fact) => fact.kind !== 'order')
    .map((fact) => `${fact.kind}@${(fact.at - start) / MINUTE_MS}`)
    .sort();
}

describe.each(BEGINNINGS)('worked timelines from %s', (beginning) => {
  const start = Date.parse(beginning);

  const cases: [string, Step[], string[]][] = [
    [
      'add 0 · add 30: first cart abandoned at 30, second opens at 30, one visit',
      [at('add', 0), at('add', 30)],
      ['visit@0', 'cartOpened@0', 'cartAbandoned@30', 'cartOpened@30', 'cartAbandoned@60'],
    ],
    [
      'page 0 · 30 · 60 m 1 s: two visits',
      [at('page', 0), at('page', 30), at('page', 60 + 1 / 60)],
      ['visit@0', `visit@${60 + 1 / 60}`],
    ],
    [
      'add 0 · page 20 · order 40: abandoned at 30, recovered at 40',
      [at('add', 0), at('page', 20), at('order', 40)],
      ['visit@0', 'cartOpened@0', 'cartAbandoned@30', 'cartRecovered@40'],
    ],
    [
      'and a second order is a direct one',
      [at('add', 0), at('page', 20), at('order', 40), at('order', 41)],
      ['visit@0', 'cartOpened@0', 'cartAbandoned@30', 'cartRecovered@40', 'directOrder@41'],
    ],
    [
      'add 0 · removed 5 · order 6: emptied, direct order',
      [at('add', 0), at('removed', 5), at('order', 6)],
      ['visit@0', 'cartOpened@0', 'cartEmptied@5', 'directOrder@6'],
    ],
    [
      'add (id 2) · order (id 1) at one instant: direct order, then a cart',
      [at('add', 0, { id: '2' }), at('order', 0, { id: '1' })],
      ['visit@0', 'directOrder@0', 'cartOpened@0', 'cartAbandoned@30'],
    ],
    [
      'order 10 arrives before add 5: converted at 10',
      [at('order', 10), at('add', 5)],
      ['visit@5', 'cartOpened@5', 'cartConverted@10'],
    ],
    [
      'order 11 minutes late: late list, abandoned at 30',
      [at('add', 0), at('page', 12), at('order', 1)],
      ['visit@0', 'cartOpened@0', 'cartAbandoned@30', 'late@1'],
    ],
  ];
  it.each(cases)('%s', (_title, steps, expected) => {
    expect(resultOf(start, steps)).toEqual([...expected].sort());
    expect(resultOf(start, steps, TWO)).toEqual([...expected].sort());
  });

  it('is provisionally a direct order until the add is there', () => {
    const pump = pumpOf(1);
    pump.append(eventOf(start, at('order', 10)));
    expect(
      pump
        .drain()
        .facts()
        .map((fact) => fact.kind),
    ).toContain('directOrder');
    pump.append(eventOf(start, at('add', 5)));
    const kinds = pump
      .drain()
      .facts()
      .map((fact) => fact.kind);
    expect(kinds).toContain('cartConverted');
    expect(kinds).not.toContain('directOrder');
  });

  const USER = 'U';
  const far = ['a', 'b', 'c', 'd', 'e'].find((key) => partitionOf(key, TWO) !== partitionOf(USER, TWO)) ?? '';
  const near =
    ['a', 'b', 'c', 'd', 'e'].find((key) => partitionOf(key, TWO) === partitionOf(USER, TWO)) ?? '';

  it.each([
    ['two partitions', far],
    ['one partition', near],
  ])('joins an anonymous history: %s', (_where, anonymous) => {
    const pump = pumpOf(TWO);
    const steps = [
      at('add', 0, { customer: anonymous }),
      at('identify', 5, { customer: USER, link: anonymous }),
      at('order', 6, { customer: USER }),
    ];
    for (const step of steps) pump.append(eventOf(start, step));
    pump.drain().tick(start + HOUR_MS);
    const facts = pump.facts().filter((fact) => fact.kind !== 'order');
    expect(facts.map((fact) => `${fact.kind}@${(fact.at - start) / MINUTE_MS} of ${fact.customer}`)).toEqual([
      `cartOpened@0 of ${USER}`,
      `visit@0 of ${USER}`,
      `cartConverted@6 of ${USER}`,
    ]);
    expect(pump.state(anonymous)).toMatchObject({ m: USER });
    expect(pump.state(USER)).toMatchObject({ lk: [anonymous] });
  });

  it('forwards later events of a key that was moved', () => {
    const pump = pumpOf(TWO);
    pump.append(eventOf(start, at('identify', 0, { customer: USER, link: far })));
    pump.drain();
    pump.append(eventOf(start, at('add', 3, { customer: far })));
    pump.append(eventOf(start, at('order', 4, { customer: USER })));
    pump.drain();
    expect(pump.facts().map((fact) => `${fact.kind} of ${fact.customer}`)).toEqual([
      'visit of U',
      'cartOpened of U',
      'cartConverted of U',
      'order of U',
    ]);
  });

  it('breaks mutual links by order: the smaller key is the customer', () => {
    const [small, great] = far < USER ? [far, USER] : [USER, far];
    const pump = pumpOf(TWO);
    pump.append(eventOf(start, at('page', 0, { customer: small, link: great })));
    pump.append(eventOf(start, at('page', 1, { customer: great, link: small })));
    pump.drain();
    expect(pump.state(great)).toMatchObject({ m: small });
    expect(pump.state(small)).toMatchObject({ lk: [great], e: 2 });
  });
});
