import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime, timeAt, timeText } from './entry-text';

const time = fc.oneof(
  fc.integer({ min: -(2 ** 45), max: 2 ** 45 }),
  fc.constantFrom(0, -1, 36 ** 7 - 1, 36 ** 7, 36 ** 8 - 1, 36 ** 8, Date.UTC(2026, 0, 1)),
);

describe('a time as text', () => {
  it('is the number in base 36, and is read back from wherever it stands', () => {
    fc.assert(
      fc.property(time, fc.string(), (t, before) => {
        const text = timeText(t);
        expect(text).toBe(t.toString(36));
        expect(readTime(text)).toBe(t);
        expect(timeAt(`${before}${text}|id`, before.length)).toBe(t);
      }),
    );
  });
});
