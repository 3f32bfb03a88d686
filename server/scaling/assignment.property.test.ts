import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Move, planCounts, planMoves, type WorkerLoad } from './assignment';

const BASE = 1;

function worldOf(
  loads: readonly number[],
  workers: number,
  ownerOf: (index: number) => number,
): WorkerLoad[] {
  return Array.from({ length: workers }, (_, worker) => ({
    worker: `w${worker}`,
    partitions: loads.flatMap((load, index) =>
      ownerOf(index) % workers === worker ? [{ name: `1.${index}`, load }] : [],
    ),
  }));
}

function carriedOut(world: readonly WorkerLoad[], moves: readonly Move[]): WorkerLoad[] {
  const toOf = new Map(moves.map(({ name, to }) => [name, to]));
  const all = world.flatMap(({ worker, partitions }) =>
    partitions.map((one) => ({ ...one, owner: toOf.get(one.name) ?? worker })),
  );
  return world.map(({ worker }) => ({
    worker,
    partitions: all.filter(({ owner }) => owner === worker).map(({ name, load }) => ({ name, load })),
  }));
}

const weights = (world: readonly WorkerLoad[]) =>
  world.map(({ partitions }) => partitions.reduce((sum, { load }) => sum + BASE + load, 0));
const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);
const counts = (world: readonly WorkerLoad[]) => world.map(({ partitions }) => partitions.length);

const anyWorld = fc
  .record({
    loads: fc.array(fc.double({ min: 0, max: 5_000, noNaN: true }), { maxLength: 80 }),
    workers: fc.integer({ min: 1, max: 7 }),
    owners: fc.array(fc.nat(100), { minLength: 80, maxLength: 80 }),
  })
  .map(({ loads, workers, owners }) => worldOf(loads, workers, (index) => owners[index] ?? 0));

describe('planMoves', () => {
  it('spreads partitions of equal load within one', () => {
    const equal = fc.record({
      load: fc.double({ min: 0, max: 10_000, noNaN: true }),
      partitions: fc.integer({ min: 0, max: 256 }),
      workers: fc.integer({ min: 1, max: 9 }),
      owners: fc.array(fc.nat(100), { minLength: 256, maxLength: 256 }),
    });
    fc.assert(
      fc.property(equal, ({ load, partitions, workers, owners }) => {
        const world = worldOf(Array(partitions).fill(load), workers, (index) => owners[index] ?? 0);
        expect(spread(counts(carriedOut(world, planMoves(world))))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('moves nothing where two workers would only change places', () => {
    const world = worldOf([1e-7, 0, 0, 0, 0], 2, (index) => (index < 3 ? 0 : 1));
    expect(planMoves(world)).toEqual([]);
  });

  it('is followed by an empty plan, loses nothing and never makes the most loaded worker worse', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const moves = planMoves(world);
        const after = carriedOut(world, moves);
        expect(planMoves(after)).toEqual([]);
        const names = (some: readonly WorkerLoad[]) =>
          some.flatMap((one) => one.partitions.map((p) => p.name));
        expect(names(after).sort()).toEqual(names(world).sort());
        expect(Math.max(...weights(after))).toBeLessThanOrEqual(Math.max(...weights(world)) * (1 + 1e-9));
        for (const { from, to } of moves) expect(from).not.toBe(to);
      }),
    );
  });

  it('leaves no worker above another by more than a partition of its own and what is not worth a move', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const after = carriedOut(world, planMoves(world));
        const loads = after.flatMap(({ partitions }) => partitions.map(({ load }) => load + BASE));
        const average = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
        const least = Math.min(...weights(after));
        for (const [index, { partitions }] of after.entries()) {
          const largest = Math.max(0, ...partitions.map(({ load }) => load + BASE));
          expect((weights(after)[index] ?? 0) - least).toBeLessThanOrEqual((largest + average) * (1 + 1e-9));
        }
      }),
    );
  });

  it('does not depend on the order in which workers and partitions are told', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const turned = [...world]
          .reverse()
          .map(({ worker, partitions }) => ({ worker, partitions: [...partitions].reverse() }));
        const sorted = (moves: Move[]) => moves.sort((a, b) => (a.name < b.name ? -1 : 1));
        // Sums in another order may differ in their last bit: whole numbers do not.
        const whole = (some: readonly WorkerLoad[]) =>
          some.map((one) => ({
            ...one,
            partitions: one.partitions.map(({ name, load }) => ({ name, load: Math.round(load) })),
          }));
        expect(sorted(planMoves(whole(turned)))).toEqual(sorted(planMoves(whole(world))));
      }),
    );
  });

  it('parts a hot partition from the others instead of counting', () => {
    const loads = [900, ...Array(9).fill(100)];
    const world = worldOf(loads, 2, (index) => (index < 5 ? 0 : 1));
    expect(counts(carriedOut(world, planMoves(world)))).toEqual([1, 9]);
  });

  it('is not moved by noise on an even spread', () => {
    const noisy = fc.array(fc.double({ min: -0.02, max: 0.02, noNaN: true }), {
      minLength: 64,
      maxLength: 64,
    });
    fc.assert(
      fc.property(noisy, (noise) => {
        const loads = noise.map((share) => 100 * (1 + share));
        expect(planMoves(worldOf(loads, 2, (index) => index))).toEqual([]);
      }),
    );
  });
});

describe('planCounts', () => {
  it('gives every waiting partition a place, and even shares when loads are equal', () => {
    const setting = fc.record({
      held: fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 }),
      waiting: fc.integer({ min: 0, max: 100 }),
    });
    fc.assert(
      fc.property(setting, ({ held, waiting }) => {
        const world = held.map((count, worker) => ({
          worker: `w${worker}`,
          partitions: Array.from({ length: count }, (_, at) => ({ name: `${worker}.${at}`, load: 10 })),
        }));
        const planned = [...planCounts(world, planMoves(world), waiting).values()];
        expect(planned.reduce((sum, count) => sum + count, 0)).toBe(
          held.reduce((sum, count) => sum + count, 0) + waiting,
        );
        expect(spread(planned)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
