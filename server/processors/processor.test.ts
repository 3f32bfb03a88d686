import { describe, expect, it } from 'vitest';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { lexiconSentiment } from './index';
import type { PartitionPump } from './partition-pump';
import { add, card, event, run, START } from './pump-fixtures';

describe('carts', () => {
  it('keep money exact, currencies apart and removals at the average price', () => {
    const pump = run([
      add(0, { price: '0.1' }),
      add(1, { price: '0.2' }),
      add(2, { product_id: 'p2', price: 5, currency: 'usd', quantity: 3 }),
      event('Product Removed', 3, { product_id: 'p1', quantity: 1 }),
      event('Product Removed', 4, { product_id: 'p2', quantity: 1, currency: 'USD' }),
      event('Product Removed', 5, { product_id: 'p9', quantity: 1 }),
    ]);
    expect(card(pump).cart).toMatchObject({
      value: '0.15',
      currency: 'EUR',
      others: [{ currency: 'USD', value: '10' }],
      items: [
        { item: 'p1', quantity: 1, value: '0.15' },
        { item: 'p2', quantity: 2, value: '10' },
      ],
    });
    pump.tick(START + HOUR_MS);
    expect(pump.facts().find(({ kind }) => kind === 'cartAbandoned')).toMatchObject({
      at: START + 35 * MINUTE_MS,
      amount: '0.15',
      currency: 'EUR',
    });
    expect(card(pump).cart).toBe(null);
    expect(card(pump).cartOutcomes[0]).toMatchObject({ kind: 'cartAbandoned', amount: '0.15' });
  });

  it('take more than is held as all of it, and are reopened by an event before the clock closed them', () => {
    const pump = run([
      add(0, { quantity: 2 }),
      event('Product Removed', 1, { product_id: 'p1', quantity: 9 }),
    ]);
    expect(pump.facts().map(({ kind }) => kind)).toContain('cartEmptied');
    const other = run([add(0)]).tick(START + 31 * MINUTE_MS);
    expect(other.facts().map(({ kind }) => kind)).toContain('cartAbandoned');
    run([event('Cart Viewed', 20)], other);
    expect(other.facts().map(({ kind }) => kind)).not.toContain('cartAbandoned');
    expect(card(other).cart).toMatchObject({ value: '10', status: 'open' });
  });

  it('come to the same whatever the arrival where ids of one instant compare in a circle', () => {
    // 9 < 10 as numbers, 10 < 1a < 9 by their bytes.
    const added = add(0, {}, { id: '10' });
    const removed = event('Product Removed', 0, { product_id: 'p1' }, { id: '9' });
    const ordered = event('Order Completed', 0, { total: 5 }, { id: '1a' });
    const arrivals = [
      [added, ordered, removed],
      [removed, ordered, added],
      [ordered, removed, added],
    ];
    const [first, ...others] = arrivals.map((events) => run(events).tick(START + HOUR_MS));
    for (const other of others) {
      expect(other.digest()).toBe(first?.digest());
      expect(other.facts()).toEqual(first?.facts());
    }
  });

  it('settle behind the slack without changing what they are', () => {
    const events = Array.from({ length: 200 }, (_, i) => add(i * 11, { product_id: `p${i % 5}` }));
    events.push(event('Order Completed', 2_205, { total: 77 }));
    const pump = run(events);
    expect(String(pump.state('u')?.cb).split(';').length).toBeLessThanOrEqual(66);
    expect(card(pump).carts).toMatchObject({ opened: 1, converted: 1, abandoned: 0 });
    expect(pump.facts().filter(({ kind }) => kind === 'cartConverted')).toHaveLength(1);
  });
});

describe('events of one instant', () => {
  const ordersOf = <T>(items: readonly T[]): T[][] =>
    items.length === 0
      ? [[]]
      : items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
  const results = (events: Parameters<typeof run>[0]) =>
    new Set(
      ordersOf(events).map((order) => {
        const pump = run(order);
        const facts = pump.facts().map((fact) => JSON.stringify(fact));
        return JSON.stringify([facts.sort(), pump.state('u')?.cb, card(pump).lastEvents]);
      }),
    );

  it('come to the same in any order of arrival, where the rule of ids runs in a circle', () => {
    const events = [
      add(0, {}, { id: '9' }),
      event('Order Completed', 0, { total: 5 }, { id: '10' }),
      add(0, { product_id: 'p2' }, { id: '1a' }),
    ];
    expect(results(events).size).toBe(1);
  });

  it('come to the same in any order of arrival, where two write keys gave them one id', () => {
    const events = [
      add(0, {}, { id: 'same', s: 'till' }),
      event('Order Completed', 0, { total: 5 }, { id: 'same', s: 'shop' }),
      add(0, { product_id: 'p2' }, { id: '7' }),
    ];
    expect(results(events).size).toBe(1);
    expect(results(events.slice(0, 2)).size).toBe(1);
  });
});

describe('late events', () => {
  it('are listed with what they would have changed, count for the purchases and change nothing else', () => {
    const pump = run([add(0), event('Home', 12, {}, { y: 'page' })]);
    const before = pump.state('u');
    const kept = JSON.stringify([before?.vs, before?.cb, before?.cx]);
    run([event('Order Completed', 1, { total: 20 })], pump);
    const late = pump.outputs.find((output) => output.o === 'late');
    expect(late).toMatchObject({
      name: 'Order Completed',
      latenessMs: 11 * MINUTE_MS,
      published: { facts: [] },
      corrected: { facts: [{ kind: 'cartConverted', amount: '20' }] },
    });
    const after = pump.state('u');
    expect(JSON.stringify([after?.vs, after?.cb, after?.cx])).toBe(kept);
    expect(card(pump).rfm).toMatchObject({ orders: 1, monetary: { EUR: '20' } });
    const onTime = run([event('Order Completed', 2, { total: 1 })], run([event('Home', 12)]));
    expect(onTime.facts().some(({ kind }) => kind === 'late')).toBe(false);
  });
});

describe('the queue', () => {
  const entry = (pump: PartitionPump) => pump.sets[0]?.queue.get('u') ?? null;

  it('takes a failed payment with the value at risk, and lets go at the order', () => {
    const pump = run([
      add(0),
      event('Checkout Started', 1),
      event('Payment Failed', 2),
      event('Payment Failed', 3),
    ]);
    expect(entry(pump)).toMatchObject({
      reason: 'cart',
      title: 'payment failed twice',
      since: START + 2 * MINUTE_MS,
      value: '10',
      currency: 'EUR',
    });
    expect(pump.sets[0]?.aggregates.money.revenueAtRisk).toEqual({ EUR: '10' });
    run([event('Order Completed', 4, { total: 10 })], pump);
    expect(entry(pump)).toBe(null);
    expect(pump.sets[0]?.aggregates.money.revenueAtRisk).toEqual({ EUR: '0' });
  });

  it('takes a checkout that stands still for five minutes, by the timer alone', () => {
    const pump = run([add(0), event('Checkout Started', 1)]);
    expect(entry(pump)).toBe(null);
    pump.tick(START + 6 * MINUTE_MS);
    expect(entry(pump)).toMatchObject({ title: 'checkout idle', since: START + 6 * MINUTE_MS });
    pump.tick(START + 40 * MINUTE_MS);
    expect(entry(pump)).toBe(null);
  });

  it('holds an open contact until it ends or falls silent', () => {
    const turn = (minute: number, turnId: string, text: string, participant = 'customer') =>
      event('Transcript Segment', minute, {
        contactId: 'c1',
        turnId,
        participant,
        text,
        beginMs: minute * 1_000,
        isFinal: true,
      });
    const pump = run([turn(0, 't1', 'hello'), turn(1, 't2', 'this is terrible, I am very angry')]);
    expect(entry(pump)).toMatchObject({
      reason: 'contact',
      channel: 'call',
      title: 'on a call, unhappy',
      since: START,
    });
    run([event('Call Ended', 2, { contactId: 'c1' })], pump);
    expect(entry(pump)).toBe(null);
    const silent = run([event('Live Chat Conversation Started', 0, { conversation_id: 'x' })]);
    expect(entry(silent)).toMatchObject({ channel: 'chat' });
    expect(entry(silent.tick(START + 31 * MINUTE_MS))).toBe(null);
  });
});

describe('contacts', () => {
  it('weigh final customer turns in their own order with a half-life of three', () => {
    const turn = (index: number, text: string, isFinal = true) =>
      event('Transcript Segment', 10 - index, {
        contactId: 'c1',
        turnId: `t${index}`,
        participant: 'customer',
        text,
        beginMs: index * 1_000,
        isFinal,
      });
    // They arrive backwards, as event times run against the turns' own.
    const pump = run(
      [turn(0, 'great'), turn(2, 'awful'), turn(1, 'good'), turn(3, 'never mind what', false)].reverse(),
    );
    const [contact] = card(pump).contacts;
    const scores = ['great', 'good', 'awful'].map((text) => lexiconSentiment.score(text).score);
    expect(contact?.trend).toEqual(scores);
    const weights = [2, 1, 0].map((age) => 2 ** (-age / 3));
    const mean =
      scores.reduce((sum, score, i) => sum + score * (weights[i] ?? 0), 0) / weights.reduce((a, b) => a + b);
    expect(contact?.sentiment).toBeCloseTo(mean, 12);
    expect(contact?.turns.map(({ text }) => text)).toEqual(['great', 'good', 'awful']);
    expect(contact?.turns[2]?.triggerWords).toEqual(['awful']);
  });

  it('read negation', () => {
    expect(lexiconSentiment.score('this is not good').score).toBeLessThan(0);
    expect(lexiconSentiment.score('the order number is 12').score).toBe(0);
  });
});

describe('the card and the kept state', () => {
  it('show the visit as it happens, the funnel, the traits and the last 20 events', () => {
    const events = Array.from({ length: 25 }, (_, i) =>
      event('Product Viewed', i / 10, { name: `Thing ${i}`, price: 1.5 }),
    );
    const pump = run([
      ...events,
      add(3),
      event('identify', 4, { name: 'Ada', nested: { a: 1 } }, { y: 'identify', n: 'identify' }),
      event('identify', 3.5, { name: 'Old', plan: 'pro' }, { y: 'identify', n: 'identify' }),
    ]);
    const shown = card(pump);
    expect(shown.currentVisit).toMatchObject({
      durationMs: 4 * MINUTE_MS,
      events: 28,
      furthest: 'added',
      live: true,
    });
    expect(shown.traits).toEqual({ name: 'Ada', plan: 'pro' });
    expect(shown.lastEvents).toHaveLength(20);
    expect(shown.lastEvents[2]).toMatchObject({ name: 'Product Added', item: 'p1', amount: '10' });
    expect(pump.sets[0]?.aggregates.funnel.added).toEqual({ reached: 1, live: 1 });
    pump.tick(START + 34 * MINUTE_MS);
    expect(card(pump)).toMatchObject({
      currentVisit: null,
      lastVisits: [{ endedAt: START + 34 * MINUTE_MS }],
    });
  });

  it('name the currency of an amount: the event’s own, else the usual one where the amount is money', () => {
    const pump = run([
      add(0),
      add(1, { currency: 'usd' }),
      event('Video Watched', 2, { value: 40 }),
      event('Gift Sent', 3, { value: 40, currency: 'POINTS' }),
      event('Cart Viewed', 4),
    ]);
    const amounts = card(pump).lastEvents.map(({ amount, currency }) => [amount, currency]);
    expect(amounts.reverse()).toEqual([
      ['10', 'EUR'],
      ['10', 'USD'],
      ['40', undefined],
      ['40', 'POINTS'],
      [undefined, undefined],
    ]);
  });

  it('stay within 1.2 KB for a customer in the middle of a visit', () => {
    const uuid = (i: number) => `${String(i).padStart(8, '0')}-5f3a-4c1e-9d7b-2a6c8e0f1b3d`;
    const names = [
      'Home',
      'Product Viewed',
      'Product Added',
      'Product Viewed',
      'Product Added',
      'Checkout Started',
    ];
    const events = Array.from({ length: 10 }, (_, i) => {
      const p = { product_id: `sku-${i % 4}`, name: 'Canned Foods', price: 6.99, quantity: 1 };
      return event(names[i % names.length] ?? '', (i * 20 * SECOND_MS) / MINUTE_MS, p, { id: uuid(i) });
    });
    const pump = run([
      ...events,
      event('identify', 5, { email: 'ada@example.org', name: 'Ada' }, { y: 'identify', n: 'identify' }),
    ]);
    expect(JSON.stringify(pump.state('u')).length).toBeLessThan(1_229);
  });
});
