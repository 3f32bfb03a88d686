import { describe, expect, it } from 'vitest';
import { drawSample } from './draw-sample';

const candidates = Array.from({ length: 20 }, (_, partition) => ({
  shardId: 1,
  partition,
  events: partition,
}));
const drawn = (size: number, seed: number) => drawSample(candidates, size, seed);

describe('the sample of partitions', () => {
  it('holds the busiest, and others by its seed', () => {
    const sample = drawn(6, 7);
    expect(sample.filter((one) => one.drawn === 'busy').map(({ partition }) => partition)).toEqual([
      19, 18, 17,
    ]);
    expect(new Set(sample.map(({ partition }) => partition)).size).toBe(6);
    expect(drawn(6, 7)).toEqual(sample);
    expect(drawn(6, 8)).not.toEqual(sample);
  });

  it('is all there is when there are no more', () => {
    expect(drawn(64, 1)).toHaveLength(20);
    expect(drawSample([], 8, 1)).toEqual([]);
  });
});
