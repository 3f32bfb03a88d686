import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasRefused, Overload, type Passed } from './overload-fixture';

const BOUND = 120;
const CAPACITY = 20_000;

const sum = (course: readonly Passed[], of: 'admitted' | 'processed') =>
  course.reduce((total, each) => total + each[of], 0);

describe('when the processors are behind', () => {
  it('lets a burst of half a minute at four times the capacity pass', () => {
    const load = new Overload(BOUND);
    load.pass(60, 1_000, CAPACITY);
    load.pass(30, 4 * CAPACITY, CAPACITY);
    load.pass(200, 1_000, CAPACITY);
    expect(load.course.some(hasRefused)).toBe(false);
    expect(load.backlog).toBe(0);
  });

  it('refuses what comes on three times the capacity, and comes to rest at the bound', () => {
    const load = new Overload(BOUND);
    load.pass(600, 3 * CAPACITY, CAPACITY);
    const last = load.pass(300, 3 * CAPACITY, CAPACITY);
    expect(last.every(hasRefused)).toBe(true);
    expect(sum(last, 'admitted') / (300 * CAPACITY)).toBeGreaterThan(0.97);
    expect(load.backlog / CAPACITY).toBeGreaterThan(0.95 * BOUND);
    expect(load.backlog / CAPACITY).toBeLessThan(1.05 * BOUND);
  });

  it('does not refuse while a backlog after an outage is draining, however long that takes', () => {
    const load = new Overload(BOUND);
    load.pass(20, 0.6 * CAPACITY, CAPACITY);
    load.pass(600, 0.6 * CAPACITY, 0);
    expect(load.backlog / CAPACITY).toBeGreaterThan(BOUND);
    load.pass(900, 0.6 * CAPACITY, CAPACITY);
    expect(load.course.some(hasRefused)).toBe(false);
    expect(load.backlog).toBeLessThan(CAPACITY);
  });

  it('refuses nothing while processors stand still, nor while they come to a stand', () => {
    for (const before of [0.4, 0.8, 0.98]) {
      const load = new Overload(BOUND);
      load.pass(Math.round((BOUND * before) / 2), 3 * CAPACITY, CAPACITY);
      load.pass(300, 3 * CAPACITY, 0);
      expect(load.course.some(hasRefused)).toBe(false);
    }
  });

  it('stops refusing when the processors it held the line for stand still', () => {
    const load = new Overload(BOUND);
    load.pass(300, 3 * CAPACITY, CAPACITY);
    const stopped = load.pass(20, 3 * CAPACITY, 0);
    expect(stopped.slice(4).some(hasRefused)).toBe(false);
  });

  it('comes off when the overload is over, and when there are more processors', () => {
    for (const [offered, capacity] of [
      [0.5 * CAPACITY, CAPACITY],
      [3 * CAPACITY, 6 * CAPACITY],
    ] as const) {
      const load = new Overload(BOUND);
      load.pass(300, 3 * CAPACITY, CAPACITY);
      expect(load.admission.limit).not.toBeNull();
      const after = load.pass(300, offered, capacity);
      expect(after.slice(20).some(hasRefused)).toBe(false);
      expect(load.admission.limit).toBeNull();
    }
  });

  it('lets everything in again where nothing is known', () => {
    const load = new Overload(BOUND);
    load.pass(300, 3 * CAPACITY, CAPACITY);
    load.admission.release();
    expect(load.admission.limit).toBeNull();
  });
});

describe('whatever the load', () => {
  const bounds = fc.integer({ min: 5, max: 300 });
  const capacities = fc.integer({ min: 100, max: 100_000 });
  /** each second's part of the capacity that is there */
  const noise = fc.array(fc.double({ min: 0.6, max: 1.4, noNaN: true }), { minLength: 40, maxLength: 40 });
  const factors = fc.double({ min: 1.3, max: 10, noNaN: true });

  it('keeps the backlog bounded and the processors busy under lasting overload', () => {
    fc.assert(
      fc.property(bounds, capacities, noise, factors, (bound, capacity, parts, factor) => {
        const load = new Overload(bound);
        const mean = (capacity * parts.reduce((a, b) => a + b, 0)) / parts.length;
        for (let second = 0; second < 1_500; second += 1)
          load.second(factor * mean, capacity * (parts[second % parts.length] ?? 1));
        const last = load.course.slice(-400);
        // What comes in before it begins: up to the bound, and in the seconds it must have lasted, and their slack.
        expect(Math.max(...load.course.map(({ backlog }) => backlog))).toBeLessThan(
          mean * (1.6 * bound + 30 * (factor - 1) + 10),
        );
        expect(sum(last, 'processed')).toBeGreaterThan(0.97 * 400 * mean);
        expect(sum(last, 'admitted')).toBeGreaterThan(0.85 * 400 * mean);
      }),
      { numRuns: 60 },
    );
  });

  it('refuses nothing that the processors could do at once', () => {
    fc.assert(
      fc.property(
        bounds,
        capacities,
        fc.array(fc.double({ min: 0, max: 0.85, noNaN: true }), { minLength: 10, maxLength: 200 }),
        fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 3 }),
        (bound, capacity, parts, outages) => {
          const load = new Overload(bound);
          for (const seconds of [...outages, 0]) {
            for (const part of parts) load.second(part * capacity, capacity);
            load.pass(seconds, 0.5 * capacity, 0);
          }
          expect(load.course.some(hasRefused)).toBe(false);
        },
      ),
      { numRuns: 100 },
    );
  });
});
