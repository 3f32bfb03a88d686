import { describe, expect, it } from 'vitest';
import type { ConsentFlags } from '@/server/core/consent-flags';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log/records';
import type { WorkingSet } from '@/server/streaming/partition-step';
import { digestOf } from './index';
import { add, card, event, pumpOf, run, START, setOf } from './pump-fixtures';

const DENIED: ConsentFlags = { denied: ['profiling'], v: 1 };
const PARTITIONS = 2;
const USER = 'U';
const ANONYMOUS = ['a', 'b', 'c', 'd'].find((key) => partitionOf(key, 2) !== partitionOf(USER, 2)) ?? '';

describe('opt-out', () => {
  it('leaves what is kept untouched, empties the queue, and counts events only', () => {
    const pump = run([add(0), event('Payment Failed', 1)]);
    const [set] = pump.sets as [WorkingSet];
    const kept = digestOf(set.states.get('u') ?? {});
    set.consent.set('u', DENIED);
    run([add(2), event('Order Completed', 3, { total: 5 })], pump);
    pump.appendTo(0, { k: 'o', c: 'u', denied: ['profiling'], t: START });
    pump.drain().tick(START + 2 * HOUR_MS);
    expect(digestOf(set.states.get('u') ?? {})).toBe(kept);
    expect(set.queue.get('u') ?? null).toBe(null);
    expect(set.timers.get('u') ?? null).toBe(null);
    expect(set.aggregates.counters).toMatchObject({ events: 4, optedOut: 2, cartsOpened: 1 });
    expect(set.aggregates.gauges).toMatchObject({ openCarts: 0, liveVisits: 0, queue: 0 });
    expect(card(pump)).toMatchObject({ optedOut: true, events: 0, cart: null });
    expect(pump.facts().some(({ kind }) => kind === 'order')).toBe(false);
    set.consent.set('u', { denied: [], v: 2 });
    pump.appendTo(0, { k: 'o', c: 'u', denied: [], t: START });
    pump.drain();
    expect(pump.facts().map(({ kind }) => kind)).toContain('cartAbandoned');
    expect(set.aggregates.gauges).toMatchObject({ openCarts: 0, liveVisits: 0 });
  });

  it.each([
    ['the user', USER],
    ['the anonymous key', ANONYMOUS],
  ])('of %s covers the other key of a link', (_who, denied) => {
    const pump = pumpOf({ partitions: PARTITIONS });
    run([add(0, {}, { c: ANONYMOUS }), add(0, {}, { c: USER })], pump);
    setOf(pump, denied).consent.set(denied, DENIED);
    const digest = digestOf(pump.state(ANONYMOUS) ?? {});
    run([event('Signed In', 1, {}, { c: USER, l: ANONYMOUS })], pump);
    for (const key of [USER, ANONYMOUS]) {
      const set = setOf(pump, key);
      expect(set.consent.get(key)?.denied).toContain('profiling');
      run([add(2, {}, { c: key })], pump);
      expect(set.aggregates.counters.optedOut).toBeGreaterThan(0);
    }
    expect(digestOf(pump.state(ANONYMOUS) ?? {})).toBe(digest);
  });

  it('of either key that an alias names holds for its customer', () => {
    for (const denied of ['old', 'anon']) {
      const pump = pumpOf({ partitions: 4 });
      setOf(pump, denied).consent.set(denied, DENIED);
      run([event('alias', 1, {}, { y: 'alias', c: 'new', l: 'old', l2: 'anon' })], pump);
      for (const key of ['new', 'old', 'anon'])
        expect(setOf(pump, key).consent.get(key)?.denied, key).toContain('profiling');
    }
  });

  it('of a key holds for the first event of a customer that names it', () => {
    const pump = pumpOf({ partitions: PARTITIONS });
    setOf(pump, ANONYMOUS).consent.set(ANONYMOUS, DENIED);
    const events = [add(0, {}, { c: USER, l: ANONYMOUS }), event('Payment Failed', 1, {}, { c: USER })];
    for (const one of events) pump.append(one);
    pump.drain();
    expect(pump.facts()).toEqual([]);
    expect(pump.state(USER)).toBeNull();
    expect(setOf(pump, USER).consent.get(USER)?.denied).toEqual(['profiling']);
  });

  it('finds every customer that shared a key, though its history went to the first', () => {
    const pump = pumpOf({ partitions: PARTITIONS });
    run([add(0, {}, { c: USER, l: ANONYMOUS }), add(1, {}, { c: 'second', l: ANONYMOUS })], pump);
    run([add(2, {}, { c: 'third', l: ANONYMOUS }), add(3, {}, { c: ANONYMOUS })], pump);
    expect(pump.state(ANONYMOUS)).toEqual({ m: USER, w: START + 3 * MINUTE_MS, o: ['second', 'third'] });
  });

  it('keeps a history that is on its way from a customer who opted out meanwhile', () => {
    const pump = pumpOf({ partitions: PARTITIONS });
    pump.append(add(0, {}, { c: ANONYMOUS }));
    pump.append(event('Signed In', 1, {}, { c: USER, l: ANONYMOUS }));
    const [user, anonymous] = [USER, ANONYMOUS].map((key) => partitionOf(key, PARTITIONS)) as [
      number,
      number,
    ];
    pump.run(anonymous);
    pump.run(user);
    const kept = digestOf(pump.state(USER) ?? {});
    setOf(pump, USER).consent.set(USER, DENIED);
    pump.drain();
    expect(digestOf(pump.state(USER) ?? {})).toBe(kept);
  });
});

describe('transfers', () => {
  it('are applied once, whatever is delivered again', () => {
    const pump = pumpOf({ partitions: PARTITIONS });
    const events = [add(0, {}, { c: ANONYMOUS }), event('Signed In', 1, {}, { c: USER, l: ANONYMOUS })];
    const delivered: [number, JsonObject][] = [];
    const set = setOf(pump, ANONYMOUS);
    const push = set.outbox.push.bind(set.outbox);
    set.outbox.push = (...items) => {
      for (const { target, record } of items) delivered.push([target, structuredClone(record)]);
      return push(...items);
    };
    run(events, pump);
    const digest = pump.digest();
    const facts = pump.facts();
    for (const [target, record] of delivered) pump.appendTo(target, record as unknown as CustomerEvent);
    pump.drain();
    expect(delivered.length).toBe(1);
    expect(pump.digest()).toBe(digest);
    expect(pump.facts()).toEqual(facts);
  });

  it('are told of every customer that a key was seen with, once', () => {
    const pump = pumpOf({ partitions: 4 });
    const seen = (minute: number, c: string) => event('Signed In', minute, {}, { c, l: ANONYMOUS });
    run([add(0, {}, { c: ANONYMOUS }), seen(1, 'u1'), seen(2, 'u2'), seen(3, 'u3'), seen(4, 'u2')], pump);
    const told = pump.outputs.filter((output) => output.o === 'link');
    expect(told.map(({ from, to }) => [from, to])).toEqual(['u1', 'u2', 'u3'].map((to) => [ANONYMOUS, to]));
    expect(pump.state(ANONYMOUS)).toMatchObject({ m: 'u1', o: ['u2', 'u3'] });
  });

  it('may be two of one event: the customer before, and the anonymous key a browser sends along', () => {
    const pump = pumpOf({ partitions: 4 });
    const both = event('alias', 2, {}, { y: 'alias', c: 'new', l: 'old', l2: 'anon' });
    run([add(0, {}, { c: 'old' }), add(1, {}, { c: 'anon' }), both], pump);
    expect(pump.state('new')).toMatchObject({ lk: ['anon', 'old'] });
    expect(pump.state('anon')).toMatchObject({ m: 'new' });
    expect(pump.state('old')).toMatchObject({ m: 'new' });
  });

  it('come to the same state whichever link of a chain is read first', () => {
    const first = event('alias', 1, {}, { y: 'alias', c: 'second', l: 'first' });
    const second = event('alias', 2, {}, { y: 'alias', c: 'third', l: 'second' });
    const added = add(0, {}, { c: 'first', id: 'added' });
    const digests = [
      [added, first, second],
      [added, second, first],
      [second, first, added],
    ].map((events) =>
      run(events, pumpOf({ partitions: PARTITIONS }))
        .tick(START + HOUR_MS)
        .digest(),
    );
    expect(new Set(digests).size).toBe(1);
  });

  it('follow a chain of keys, and carry lateness, cool-downs and orders along', () => {
    const pump = pumpOf({ partitions: 4 });
    run(
      [
        add(0, {}, { c: 'x1' }),
        event('Signed In', 1, {}, { c: 'x2', l: 'x1' }),
        event('alias', 2, {}, { c: 'x3', l: 'x2', y: 'alias' }),
        event('Home', 30, {}, { c: 'x1', y: 'page' }),
        event('Order Completed', 3, { total: 4 }, { c: 'x1' }),
        event('Order Completed', 29, { total: 6 }, { c: 'x1' }),
      ],
      pump,
    );
    expect(pump.state('x3')).toMatchObject({ lk: ['x1', 'x2'], rf: { o: 2 } });
    expect(pump.facts().filter(({ kind }) => kind === 'late')).toMatchObject([{ customer: 'x3' }]);
    expect(pump.facts().filter(({ kind }) => kind === 'cartConverted')).toMatchObject([
      { at: START + 29 * MINUTE_MS },
    ]);
    expect(pump.facts().every(({ customer }) => customer === 'x3')).toBe(true);
    const known = pump.sets.reduce((sum, set) => sum + (set.aggregates.gauges.customersKnown ?? 0), 0);
    expect(known).toBe(1);
  });
});
