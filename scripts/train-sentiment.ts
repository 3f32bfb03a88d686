/**
 * Learns the weights of the sentiment model and writes `server/processors/sentiment-weights.json`:
 * `npm run train:sentiment -- <folder of VADER's data> <emoji lexicon>`; golden/NOTICE.md says where to get them. The sentences that the
 * score on the console is of are never read here.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabelPair, scoreLabels } from '@/server/processors/label-score';
import { SENTIMENT_LABELS } from '@/server/processors/sentiment-label.schema';
import { type FittedWeights, fitWeights } from './sentiment/fit-weights';
import {
  fingerprint,
  lexiconPrior,
  ratedTexts,
  SUPPORT,
  type SupportText,
  supportTexts,
} from './sentiment/training-texts';

const VERSION = '1';
const HOLD = 3e-4;
const FOLDS = 5;
const CUT_STEP = 0.1;
const DIGITS = 1e3;
/** Weights that round to less are left out. */
const LEAST = 0.02;

const PROCESSORS = new URL('../server/processors/', import.meta.url);
const SUPPORT_FILE = new URL('golden/maia-dqe-development-sentences.json', PROCESSORS);
const [folder, emojiFile] = process.argv.slice(2);
if (folder === undefined || emojiFile === undefined)
  throw new Error('Say which folder VADER’s data is in, and which file the emoji lexicon is.');

const support = supportTexts(SUPPORT_FILE);
const others = ['tweets', 'amazonReviewSnippets'].flatMap((name) => ratedTexts(folder, name));
const prior = lexiconPrior(folder, emojiFile);

/** Sums of weights that a model which never saw the sentence's dialogue gives, less each of the cuts it learned. */
function heldOutSums(): { text: SupportText; overLow: number; overHigh: number }[] {
  const dialogues = [...new Set(support.map(({ dialogue }) => dialogue))].sort();
  return Array.from({ length: FOLDS }, (_, fold) => fold).flatMap((fold) => {
    const left = new Set(dialogues.filter((_, index) => index % FOLDS === fold));
    const fitted = fitWeights(
      [...others, ...support.filter(({ dialogue }) => !left.has(dialogue))],
      prior,
      HOLD,
    );
    const [low, high] = cutsOf(fitted);
    return support
      .filter(({ dialogue }) => left.has(dialogue))
      .map((text) => ({ text, overLow: sumOf(fitted, text) - low, overHigh: sumOf(fitted, text) - high }));
  });
}

const sumOf = ({ weights }: FittedWeights, { keys }: SupportText) =>
  keys.reduce((sum, key) => sum + (weights.get(key) ?? 0), 0);

function cutsOf({ cuts }: FittedWeights): [number, number] {
  const found = cuts.get(SUPPORT);
  if (found === undefined) throw new Error('Nothing was learned of support desks.');
  return found;
}

/** How far to move the two cuts, so that rare labels are found as well as common ones: by macro-F1 on dialogues held out. */
function bestMove(): { low: number; high: number; pairs: LabelPair[] } {
  const sums = heldOutSums();
  const steps = Array.from({ length: 41 }, (_, index) => (index - 20) * CUT_STEP);
  let best = { low: 0, high: 0, pairs: [] as LabelPair[], macroF1: -1 };
  for (const low of steps.map((step) => step + 1)) {
    for (const high of steps.map((step) => step - 1)) {
      const pairs = sums.map(({ text, overLow, overHigh }): LabelPair => {
        const label = overLow < low ? 0 : overHigh > high ? 2 : 1;
        return {
          people: SENTIMENT_LABELS[text.label] ?? 'neutral',
          model: SENTIMENT_LABELS[label] ?? 'neutral',
        };
      });
      const { macroF1 } = scoreLabels(pairs);
      if (macroF1 > best.macroF1) best = { low, high, pairs, macroF1 };
    }
  }
  return best;
}

const round = (value: number) => Math.round(value * DIGITS) / DIGITS;

const move = bestMove();
const fitted = fitWeights([...others, ...support], prior, HOLD);
const [low, high] = cutsOf(fitted);
const weights = [...fitted.weights]
  .map(([key, weight]): [string, number] => [key, round(weight)])
  .filter(([, weight]) => Math.abs(weight) >= LEAST)
  .sort(([a], [b]) => (a < b ? -1 : 1));
const learned = {
  version: VERSION,
  negativeBelow: round(low + move.low),
  positiveAbove: round(high + move.high),
  learnedFrom: {
    support: fingerprint(SUPPORT_FILE),
    tweets: fingerprint(join(folder, 'tweets_GroundTruth.txt')),
    reviews: fingerprint(join(folder, 'amazonReviewSnippets_GroundTruth.txt')),
    lexicon: fingerprint(join(folder, 'vader_sentiment_lexicon.txt')),
    emoji: fingerprint(emojiFile),
  },
  weights: Object.fromEntries(weights),
};
writeFileSync(new URL('sentiment-weights.json', PROCESSORS), `${JSON.stringify(learned, null, 2)}\n`);
const { texts, accuracy, macroF1, byLabel } = scoreLabels(move.pairs);
console.log(`${weights.length} weights; ${texts} sentences of dialogues held out (cuts chosen on them):`);
console.log(`accuracy ${accuracy.toFixed(3)}, macro-F1 ${macroF1.toFixed(3)}`, byLabel, {
  move: [move.low, move.high],
  low,
  high,
});
