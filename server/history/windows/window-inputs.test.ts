import { describe, expect, it } from 'vitest';
import type { FactGroup, PartitionMark } from './window-facts.repository';
import { windowInputs } from './window-inputs';

const rules = { bucketMs: 10, slotMs: 5, watermarkDelayMs: 3, idleMs: 20, keyOf: () => 'all' };
const group = (bucket: number, slot: number): FactGroup => ({
  bucket,
  slot,
  kind: 'visit',
  currency: null,
  platform: 'web',
  count: 1,
  amount: null,
});
const mark = (bucket: number, partition: string, newest: number): PartitionMark => ({
  bucket,
  partition,
  newest,
});

describe('archived facts as inputs', () => {
  it('come by bucket: facts, then how far partitions had come; before the next, ticks of the silent', () => {
    const inputs = windowInputs(
      [group(5, 1), group(7, 4)],
      [mark(5, '1.0', 50), mark(5, '1.1', 51), mark(7, '1.1', 70), mark(8, '1.0', 80)],
      rules,
    );
    expect(inputs.map((input) => [input.k, 'partition' in input ? input.partition : '', input.at])).toEqual([
      ['record', '1.0', 5],
      ['watermark', '1.0', 47],
      ['watermark', '1.1', 48],
      // Both have been silent for two buckets of ten, but what the second has may come from its tick.
      ['idle', '1.0', 80],
      ['record', '1.1', 20],
      ['watermark', '1.1', 67],
      ['watermark', '1.0', 77],
    ]);
    expect(inputs.flatMap((input) => (input.k === 'record' ? input.offset : []))).toEqual([0, 1]);
  });

  it('tick before what comes long after the silence', () => {
    const inputs = windowInputs([], [mark(5, '1.0', 50), mark(9, '1.0', 51)], rules);
    expect(inputs.map(({ k, at }) => [k, at])).toEqual([
      ['watermark', 47],
      ['idle', 80],
      ['watermark', 48],
    ]);
  });
});
