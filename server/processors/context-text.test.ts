import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { insertOrdered } from '@/server/streaming/ordered-buffer';
import { addToContext, CONTEXT_EVENTS, contextEntries, lastContextEntry } from './context-text';
import type { ContextEntry } from './customer-state';

const text = fc.oneof(fc.string(), fc.constantFrom('', '%', ';', '|', "'", '%3b', "a;b|c%25'", '42'));
const amount = fc.oneof(fc.integer(), fc.constantFrom('0.001', '-1e30', '12.345'));
const head = fc.tuple(
  fc.integer({ min: 1, max: 60 }),
  text,
  fc.oneof(fc.nat({ max: 40 }), text),
  fc.nat({ max: 6 }),
);
const entry: fc.Arbitrary<ContextEntry> = fc.oneof(
  head,
  fc.tuple(head, text).map(([members, item]): ContextEntry => [...members, item]),
  fc.tuple(head, text, amount).map(([members, item, sum]): ContextEntry => [...members, item, sum]),
  fc
    .tuple(head, text, amount, text)
    .map((parts): ContextEntry => [...parts[0], parts[1], parts[2], parts[3]]),
);

describe('the last events as text', () => {
  it('are what the same events are as an ordered array', () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        const kept: ContextEntry[] = [];
        let written = '';
        for (const one of entries) {
          written = addToContext(written, one);
          const oldest = kept[0];
          if (kept.length >= CONTEXT_EVENTS && oldest !== undefined && one[0] < oldest[0]) continue;
          insertOrdered(kept, one);
          if (kept.length > CONTEXT_EVENTS) kept.shift();
        }
        expect(contextEntries(written)).toEqual(kept);
        expect(lastContextEntry(written)).toEqual(kept.at(-1));
      }),
    );
  });
});
