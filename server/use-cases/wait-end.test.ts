import { expect, it } from 'vitest';
import { MINUTE_MS } from '@/server/core/durations';
import { CONTACT_SILENCE_MS } from '@/server/processors';
import { add, card, event, run, START } from '@/server/processors/pump-fixtures';
import { waitEnd } from './wait-end';

const minute = (count: number) => START + count * MINUTE_MS;
const call = (name: string, at: number, contactId = 'c1') => event(name, at, { contactId });

it('ends a call when it ended, or when it was silent for too long, and not while it goes on', () => {
  const began = call('Call Started', 0);
  const wait = { reason: 'contact', since: START };
  expect(waitEnd(card(run([began, call('Call Ended', 3)])), wait)).toBe(minute(3));
  expect(waitEnd(card(run([began, event('Product Viewed', 40)])), wait)).toBe(START + CONTACT_SILENCE_MS);
  expect(waitEnd(card(run([began, event('Product Viewed', 5)])), wait)).toBeNull();
  expect(waitEnd(card(run([began])), { ...wait, since: minute(-90) })).toBeNull();
});

it('tells a call from the one before it', () => {
  const calls = [
    ...[call('Call Started', 0), call('Call Ended', 3)],
    ...[call('Call Started', 5, 'c2'), call('Call Ended', 8, 'c2')],
  ];
  const ends = [0, 5].map((at) => waitEnd(card(run(calls)), { reason: 'contact', since: minute(at) }));
  expect(ends).toEqual([minute(3), minute(8)]);
});

it('ends the wait of a cart with the cart, and says nothing while it is open', () => {
  const failed = [add(0), event('Payment Failed', 2)];
  const wait = { reason: 'cart', since: minute(2) };
  expect(waitEnd(card(run([...failed, event('Order Completed', 6, { total: 10 })])), wait)).toBe(minute(6));
  expect(waitEnd(card(run([...failed, event('Product Viewed', 50)])), wait)).toBe(minute(32));
  expect(waitEnd(card(run(failed)), wait)).toBeNull();
});

it('ends what a rule began with an order, or with the visit', () => {
  const wait = { reason: 'rule', since: minute(1) };
  const viewed = [event('Product Viewed', 0), event('Product Viewed', 1)];
  expect(waitEnd(card(run([...viewed, event('Order Completed', 4, { total: 10 })])), wait)).toBe(minute(4));
  expect(waitEnd(card(run([...viewed, event('Product Viewed', 90)])), wait)).toBe(minute(31));
  expect(waitEnd(card(run(viewed)), wait)).toBeNull();
});
