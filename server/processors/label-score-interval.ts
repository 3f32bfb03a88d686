import { type LabelPair, scoreLabels } from './label-score';

const SAMPLES = 2_000;
const OUTSIDE = 0.025;

/** Where 95 of 100 samples of such conversations would put the figures, 0…1. */
export interface LikelyScores {
  accuracy: Range;
  macroF1: Range;
}

interface Range {
  from: number;
  to: number;
}

/**
 * Where 95 of 100 samples put accuracy and macro-F1: percentiles over samples of whole conversations drawn with
 * replacement, since sentences of one conversation are alike. The draws are always the same.
 */
export function likelyScores(conversations: readonly (readonly LabelPair[])[]): LikelyScores {
  const draw = drawer(conversations.length);
  const scores = Array.from({ length: SAMPLES }, () => {
    const sample = conversations.flatMap(() => conversations[draw()] ?? []);
    return sample.length === 0 ? { accuracy: 0, macroF1: 0 } : scoreLabels(sample);
  });
  return {
    accuracy: middleOf(scores.map(({ accuracy }) => accuracy)),
    macroF1: middleOf(scores.map(({ macroF1 }) => macroF1)),
  };
}

function middleOf(values: number[]): Range {
  values.sort((a, b) => a - b);
  const at = (share: number) => values[Math.round(share * (values.length - 1))] as number;
  return { from: at(OUTSIDE), to: at(1 - OUTSIDE) };
}

/** Whole numbers below `count` from a linear congruential generator (Numerical Recipes), by its high bits. */
function drawer(count: number): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
}
