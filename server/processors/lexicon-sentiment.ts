import type { SentimentModel, SentimentReading } from './sentiment';
import { NEGATED, type SentimentFeature, sentimentFeatures } from './sentiment-features';
import learned from './sentiment-weights.json';

const WEIGHTS = new Map<string, number>(Object.entries(learned.weights));
/** Of a word that was never seen negated: a negation turns it round, and not by all of it. */
const TURNED_ROUND = -0.5;
/** Where the labels part on −1…1, see `labelOf`. */
const EDGE = 0.15;
const MAX_TRIGGERS = 5;
/** Below this a word does not tell enough to be shown as the reason. */
const TELLING = 0.3;
const UNKNOWN_CONFIDENCE = 0.3;
const DIGITS = 1e4;

/**
 * A lexicon of words with learned weights, summed up (`npm run train:sentiment`, golden/NOTICE.md). English only and literal:
 * irony is beyond it.
 */
export const lexiconSentiment: SentimentModel = {
  name: 'Word weights',
  version: learned.version,
  score(text) {
    const weighed = sentimentFeatures(text).flatMap((feature) => {
      const weight = weightOf(feature);
      return weight === undefined ? [] : [{ ...feature, weight }];
    });
    if (weighed.length === 0) return { score: 0, confidence: UNKNOWN_CONFIDENCE, triggerWords: [] };
    return readingOf(weighed);
  },
};

type Weighed = SentimentFeature & { weight: number };

function weightOf({ key }: SentimentFeature): number | undefined {
  const weight = WEIGHTS.get(key);
  if (weight !== undefined || !key.startsWith(NEGATED)) return weight;
  const plain = WEIGHTS.get(key.slice(NEGATED.length));
  return plain === undefined ? undefined : plain * TURNED_ROUND;
}

/** A neutral turn scores 0, so that many of them do not move the mood of a contact. */
function readingOf(weighed: readonly Weighed[]): SentimentReading {
  const { negativeBelow, positiveAbove } = learned;
  const sum = weighed.reduce((total, { weight }) => total + weight, 0);
  const [beyond, sign] = sum < negativeBelow ? [negativeBelow - sum, -1] : [sum - positiveAbove, 1];
  if (beyond <= 0) {
    const confidence = 1 - chance(negativeBelow - sum) - chance(sum - positiveAbove);
    return { score: 0, confidence: round(Math.max(0, confidence)), triggerWords: [] };
  }
  return {
    score: round(sign * (EDGE + (1 - EDGE) * Math.tanh(beyond / 2))),
    confidence: round(chance(beyond)),
    triggerWords: triggersOf(weighed, sign),
  };
}

const chance = (logit: number) => 1 / (1 + Math.exp(-logit));

function triggersOf(weighed: readonly Weighed[], sign: number): string[] {
  const telling = weighed.filter(({ weight }) => weight * sign >= TELLING);
  telling.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return [...new Set(telling.map(({ word }) => word.toLowerCase()))].slice(0, MAX_TRIGGERS);
}

function round(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
