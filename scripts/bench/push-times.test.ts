import { describe, expect, it } from 'vitest';
import { pushTimes } from './push-times';

const frame = (at: number | null, data: unknown) =>
  `42${JSON.stringify(['room.updated', { room: 'r', boot: 'b', seq: 7, at, kind: 'whole', data }])}`;

describe('times of a pushed update', () => {
  it('are those of the update, not those of a figure in it', () => {
    const data = { computedAt: 1_772_359_200_123, figures: { late: { value: 1, at: 5 } } };
    expect(pushTimes(frame(1_772_359_200_001, data))).toEqual({
      computedAt: 1_772_359_200_123,
      at: 1_772_359_200_001,
    });
    expect(pushTimes(frame(null, data)).at).toBeNull();
  });

  it('are missing where there are none', () => {
    expect(pushTimes('42["live.beat",{"now":5}]')).toEqual({ computedAt: null, at: null });
  });
});
