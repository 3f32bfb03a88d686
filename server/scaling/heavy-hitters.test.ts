import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HeavyHitters } from './heavy-hitters';

const CAPACITY = 8;
const stream = fc.array(
  fc.record({
    key: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'),
    weight: fc.integer({ min: 1, max: 9 }),
  }),
  { maxLength: 400 },
);

function truthOf(offers: readonly { key: string; weight: number }[]): Map<string, number> {
  const truth = new Map<string, number>();
  for (const { key, weight } of offers) truth.set(key, (truth.get(key) ?? 0) + weight);
  return truth;
}

describe('heavy hitters', () => {
  it('bounds every count from both sides, and its own memory', () => {
    fc.assert(
      fc.property(stream, (offers) => {
        const sketch = new HeavyHitters(CAPACITY);
        for (const { key, weight } of offers) sketch.offer(key, weight);
        const truth = truthOf(offers);
        expect(sketch.size).toBeLessThanOrEqual(CAPACITY);
        for (const { key, weight, error } of sketch.top(CAPACITY)) {
          expect(weight).toBeGreaterThanOrEqual(truth.get(key) ?? 0);
          expect(weight - error).toBeLessThanOrEqual(truth.get(key) ?? 0);
          expect(error).toBeLessThanOrEqual(sketch.total / CAPACITY);
        }
      }),
    );
  });

  it('misses no key that is heavier than its share', () => {
    fc.assert(
      fc.property(stream, (offers) => {
        const sketch = new HeavyHitters(CAPACITY);
        for (const { key, weight } of offers) sketch.offer(key, weight);
        const held = new Set(sketch.top(CAPACITY).map(({ key }) => key));
        for (const [key, weight] of truthOf(offers)) {
          if (weight > sketch.total / CAPACITY) expect(held).toContain(key);
        }
      }),
    );
  });
});
