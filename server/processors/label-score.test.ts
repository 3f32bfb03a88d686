import { describe, expect, it } from 'vitest';
import { scoreLabels } from './label-score';
import { labelOf, type SentimentLabel } from './sentiment-label.schema';

const pairs = (...told: [people: SentimentLabel, model: SentimentLabel][]) =>
  told.map(([people, model]) => ({ people, model }));

describe('scoring labels', () => {
  it('counts a rare label as much as a common one', () => {
    const score = scoreLabels(
      pairs(
        ['neutral', 'neutral'],
        ['neutral', 'neutral'],
        ['neutral', 'neutral'],
        ['negative', 'neutral'],
        ['positive', 'positive'],
      ),
    );
    expect(score.accuracy).toBeCloseTo(4 / 5, 12);
    expect(score.commonestShare).toBeCloseTo(3 / 5, 12);
    // F1 by hand: negative 0, neutral 2·3/(3+4), positive 1.
    expect(score.macroF1).toBeCloseTo((0 + 6 / 7 + 1) / 3, 12);
    expect(score.byLabel.neutral).toEqual({ texts: 3, recall: 1, precision: 3 / 4, f1: 6 / 7 });
    expect(score.byLabel.negative).toEqual({ texts: 1, recall: 0, precision: null, f1: 0 });
  });

  it('has no score for nothing', () => {
    expect(() => scoreLabels([])).toThrow(RangeError);
  });
});

it('a score is neutral up to 0.15 from zero', () => {
  expect([-1, -0.15, -0.1499, 0, 0.1499, 0.15, 1].map(labelOf)).toEqual([
    'negative',
    'negative',
    'neutral',
    'neutral',
    'neutral',
    'positive',
    'positive',
  ]);
});
