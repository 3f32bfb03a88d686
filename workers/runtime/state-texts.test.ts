import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { StateTexts, TextRing } from './state-texts';

const CUSTOMERS = ['a', 'b', 'c', 'd'];

describe('texts of states at hand', () => {
  it('are those put last, or none, whatever went round the ring meanwhile', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 60 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constant(null),
    );
    const put = fc.record({ side: fc.nat(1), customer: fc.constantFrom(...CUSTOMERS), text });
    let kept = 0;
    fc.assert(
      fc.property(fc.array(put, { minLength: 20, maxLength: 80 }), (puts) => {
        const ring = new TextRing(512);
        const partitions = [new StateTexts(ring), new StateTexts(ring)];
        const truth = [new Map<string, string | null>(), new Map<string, string | null>()];
        for (const { side, customer, text } of puts) {
          const whole = text?.toWellFormed() ?? null;
          partitions[side]?.put(customer, whole);
          truth[side]?.set(customer, whole);
          if (whole !== null) expect(partitions[side]?.get(customer)).toBe(whole);
          for (const at of [0, 1]) {
            for (const one of CUSTOMERS) {
              const found = partitions[at]?.get(one);
              if (found !== undefined) expect(found).toBe(truth[at]?.get(one));
              if (found !== undefined && (at !== side || one !== customer)) kept += 1;
            }
          }
        }
      }),
    );
    expect(kept).toBeGreaterThan(100);
  });

  it('leave room for the newest only, and forget whose were written over', () => {
    const texts = new StateTexts(new TextRing(1_024));
    for (let i = 0; i < 10_000; i += 1) texts.put(`customer ${i}`, 'x'.repeat(100));
    expect(texts.get('customer 9999')).toBe('x'.repeat(100));
    expect(texts.get('customer 9998')).toBe('x'.repeat(100));
    expect(texts.get('customer 9980')).toBeUndefined();
    expect(texts.size).toBeLessThan(40);
  });

  it('are none where one is too long for the ring', () => {
    const texts = new StateTexts(new TextRing(1_024));
    texts.put('a', 'before');
    texts.put('a', 'x'.repeat(400));
    expect(texts.get('a')).toBeUndefined();
  });
});
