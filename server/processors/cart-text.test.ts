import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertOrdered } from '@/server/streaming/ordered-buffer';
import { appendEntry, cartEntries, cartText, comesLast } from './cart-text';
import type { CartEntry, CartKind } from './customer-state';

const text = fc.oneof(fc.string(), fc.constantFrom('', '%', ';', '|', "'", '%3b', "a;b|c%25'", '42'));
const amount = fc.oneof(fc.integer(), fc.constantFrom('0.001', '-1e30', '12.345'));
const quantity = fc.oneof(fc.nat(), fc.constantFrom(0.5, 1e21));
const head = fc.tuple(
  fc.integer({ min: -40, max: 40 }),
  text,
  fc.nat({ max: 5 }).map((kind) => kind as CartKind),
  fc.nat({ max: 6 }),
);
const entry: fc.Arbitrary<CartEntry> = fc.oneof(
  head,
  fc.tuple(head, amount, text).map(([members, ...order]): CartEntry => [...members, ...order]),
  fc.tuple(head, amount, text, text, quantity).map(([members, ...item]): CartEntry => [...members, ...item]),
  fc
    .tuple(head, amount, text, text, quantity, text)
    .map(([members, ...item]): CartEntry => [...members, ...item]),
);

describe('buffered cart events as text', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 40 }), (entries) => {
        expect(cartEntries(cartText(entries))).toEqual(entries);
        expect(entries.reduce(appendEntry, '')).toBe(cartText(entries));
      }),
    );
  });

  it('know which event comes after all of them', () => {
    // Few times and ids of both kinds, which compare in a circle: 9 < 10 < 1a < 9.
    const at = fc.integer({ min: 1, max: 3 });
    const id = fc.constantFrom('9', '10', '1a', '2', '!', '10a', '-1', '9z', '11');
    const viewed = fc.tuple(at, id).map(([t, one]): CartEntry => [t, one, 2, 0]);
    const distinct = { selector: ([t, one]: CartEntry) => `${t} ${one}`, minLength: 1, maxLength: 20 };
    fc.assert(
      fc.property(fc.uniqueArray(viewed, distinct), ([next, ...some]) => {
        if (next === undefined) return;
        const entries: CartEntry[] = [];
        for (const one of some) insertOrdered(entries, one);
        const before = cartText(entries);
        insertOrdered(entries, next);
        if (comesLast(before, next)) expect(appendEntry(before, next)).toBe(cartText(entries));
        else expect(some.some(([t]) => t >= next[0])).toBe(true);
      }),
    );
  });
});
