import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes, compareIds } from './event-order';
import { diffFacts, type FactDraft } from './fact-diff';
import { insertOrdered, type Keyed, settledCount } from './ordered-buffer';

describe('event order', () => {
  it('compares integer ids as numbers and others by their bytes', () => {
    expect(compareIds('9', '10')).toBeLessThan(0);
    expect(compareIds('-2', '1')).toBeLessThan(0);
    expect(compareIds('90071992547409931', '90071992547409932')).toBeLessThan(0);
    expect(compareIds('9a', '10')).toBeGreaterThan(0);
    expect(compareIds('b', 'a')).toBeGreaterThan(0);
    expect(compareIds('007', '7')).not.toBe(0);
    expect(compareIds('x', 'x')).toBe(0);
  });

  it('orders text as its UTF-8 bytes, beyond the basic plane too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        const bytes = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
        expect(Math.sign(compareBytes(a, b))).toBe(bytes);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it('gives one order to events of one instant, even where the pairwise rule runs in a circle', () => {
    const id = fc.constantFrom('9', '10', '1a', '2', '!', 'é', '10a', '-1', '9z');
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 2 }), fc.nat(), (ids, at) => {
        const buffers = [
          ids,
          [...ids].reverse(),
          [...ids.slice(at % ids.length), ...ids.slice(0, at % ids.length)],
        ];
        const [first, ...others] = buffers.map((order) => {
          const buffer: Keyed[] = [
            [1, 'before'],
            [9, 'after'],
          ];
          for (const one of order) insertOrdered(buffer, [5, one]);
          return buffer.map((item) => item[1]).join(' ');
        });
        for (const other of others) expect(other).toBe(first);
      }),
      { seed: 6 },
    );
  });

  it('settles what is late beyond doubt and has slack behind it', () => {
    const policy = { latenessMs: 10, slackEvents: 2, slackMs: 100, maxEvents: 50 };
    const buffer: Keyed[] = [0, 1, 2, 3, 4].map((t) => [t, 'x']);
    const whole = { upTo: buffer.length, length: buffer.length };
    expect(settledCount(buffer, 10, policy, whole)).toBe(0);
    expect(settledCount(buffer, 11, policy, whole)).toBe(1);
    expect(settledCount(buffer, 90, policy, whole)).toBe(2);
    expect(settledCount(buffer, 103, policy, whole)).toBe(3);
    expect(settledCount(buffer, 4, { ...policy, maxEvents: 3 }, whole)).toBe(2);
    // As of a moment before the last two came, they are no slack yet.
    expect(settledCount(buffer, 90, policy, { upTo: 3, length: buffer.length })).toBe(0);
  });
});

describe('difference of facts', () => {
  const fact = (at: number, amount?: string): FactDraft => ({ kind: 'visit', at, amount });
  const run = (before: FactDraft[], after: FactDraft[]) => {
    const found: string[] = [];
    diffFacts(before, after, ({ at }, sign) => found.push(`${sign}@${at}`));
    return found;
  };

  it('takes back what is gone, adds what is new, and counts repeats', () => {
    expect(run([fact(1), fact(2)], [fact(1), fact(3)])).toEqual(['-1@2', '1@3']);
    expect(run([fact(1), fact(1)], [fact(1)])).toEqual(['-1@1']);
    expect(run([fact(1), fact(2)], [fact(2), fact(1)])).toEqual([]);
    expect(run([fact(1, '2')], [fact(1, '3')])).toEqual(['-1@1', '1@1']);
  });
});
