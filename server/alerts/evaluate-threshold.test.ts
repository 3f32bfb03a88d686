import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertState, clearMs, evaluateThreshold, QUIET } from './evaluate-threshold';
import { previewThreshold } from './preview-threshold';
import type { Condition } from './threshold.schema';

const lagAbove5 = {
  metric: 'lagSeconds',
  dimension: '',
  comparison: 'above',
  value: 5,
  holdSeconds: 10,
} as const;

/** Feeds one value a second; returns the second and kind of every change. */
function changes(condition: Condition, values: readonly (number | null)[]): [number, string][] {
  let state: AlertState = QUIET;
  const found: [number, string][] = [];
  values.forEach((value, second) => {
    const next = evaluateThreshold(condition, state, value, second * 1_000);
    state = next.state;
    if (next.change) found.push([second, next.change]);
  });
  return found;
}
const seconds = (count: number, value: number | null) => Array<number | null>(count).fill(value);

describe('evaluateThreshold', () => {
  it('fires at once without a hold time', () => {
    expect(changes({ ...lagAbove5, holdSeconds: 0 }, [4, 5, 6])).toEqual([[2, 'started']]);
  });

  it('fires once the crossing has held', () => {
    expect(changes(lagAbove5, [...seconds(3, 1), ...seconds(11, 6)])).toEqual([[13, 'started']]);
  });

  it('does not fire when the crossing breaks off before the hold time', () => {
    expect(changes(lagAbove5, [...seconds(10, 6), 4, ...seconds(10, 6)])).toEqual([]);
  });

  it('does not end while the value stays within the margin of the line', () => {
    const values = [...seconds(11, 6), ...seconds(100, 4.9)];
    expect(changes(lagAbove5, values)).toEqual([[10, 'started']]);
  });

  it('ends once the value has been back for the clear time', () => {
    const values = [...seconds(11, 6), ...seconds(30, 1)];
    expect(changes(lagAbove5, values)).toEqual([
      [10, 'started'],
      [11 + clearMs(lagAbove5) / 1_000, 'ended'],
    ]);
  });

  it('watches for values that fall', () => {
    const quietFeed = {
      ...lagAbove5,
      metric: 'eventsPerSecond',
      comparison: 'below',
      value: 10,
      holdSeconds: 3,
    } as const;
    expect(changes(quietFeed, [12, 9, 8, 0, 0, 0])).toEqual([[4, 'started']]);
  });

  it('neither fires nor ends on what is not known', () => {
    expect(changes(lagAbove5, seconds(60, null))).toEqual([]);
    expect(changes(lagAbove5, [...seconds(11, 6), ...seconds(120, null)])).toEqual([[10, 'started']]);
  });

  it('bridges a short silence while pending, not a long one', () => {
    expect(changes(lagAbove5, [...seconds(5, 6), ...seconds(3, null), ...seconds(3, 6)])).toEqual([
      [10, 'started'],
    ]);
    expect(changes(lagAbove5, [...seconds(5, 6), ...seconds(8, null), ...seconds(9, 6)])).toEqual([]);
  });

  it('alternates between started and ended whatever comes', () => {
    const value = fc.option(fc.double({ min: 0, max: 20, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 300 }), (values) => {
        const kinds = changes({ ...lagAbove5, holdSeconds: 2 }, values).map(([, kind]) => kind);
        expect(kinds).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'started' : 'ended')));
      }),
      { seed: 7 },
    );
  });
});

describe('previewThreshold', () => {
  it('gives the firings that the live evaluator would have had, with the worst value of each', () => {
    const values = [...seconds(20, 1), ...seconds(20, 9), 12, ...seconds(30, 1), ...seconds(15, 7)];
    const samples = values.map((value, second) => ({ at: second * 1_000, value }));
    const live = changes(lagAbove5, values);
    const firings = previewThreshold(lagAbove5, samples);
    expect(firings).toEqual([
      { from: 30_000, to: 51_000, worst: 12 },
      { from: 81_000, to: null, worst: 7 },
    ]);
    expect(live.map(([second]) => second * 1_000)).toEqual([30_000, 51_000, 81_000]);
  });
});
