import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cloudEventDedupKey, segmentDedupKey } from './dedup-key';

/** Texts in which newlines, quotes and escapes are frequent. */
const text = fc.string({
  unit: fc.constantFrom('a', 'b', '\n', '"', '\\', 'n', '/'),
  minLength: 1,
  maxLength: 6,
});

it('is the same for no call and any event, and for no two calls', () => {
  fc.assert(
    fc.property(text, text, text, text, (id, other, source, eventId) => {
      expect(segmentDedupKey(id)).not.toBe(cloudEventDedupKey(source, eventId));
      expect(segmentDedupKey(id) === segmentDedupKey(other)).toBe(id === other);
    }),
    { numRuns: 2_000 },
  );
});

it('of an id in one line, and of an event, is what it always was', () => {
  expect(segmentDedupKey('scenario:1:2 "x"\\n\t')).toBe('scenario:1:2 "x"\\n\t');
  expect(cloudEventDedupKey('/shop', '7')).toBe('/shop\n7');
});
