import analyse from 'wink-sentiment';

/** A model that reads one turn. Synchronous and pure: a better one takes the place of the baseline here. */
export interface SentimentModel {
  /** What it is called, and which edition: kept beside what people say of its labels. */
  readonly name: string;
  readonly version: string;
  /** `score` in −1…1, `confidence` in 0…1, and the words that made the score, most telling first. */
  score(text: string): SentimentReading;
}

export interface SentimentReading {
  score: number;
  confidence: number;
  triggerWords: string[];
}

/** Half of a turn's weight is gone after so many further customer turns. */
export const HALF_LIFE_TURNS = 3;
const MAX_TRIGGERS = 5;
const LEXICON_RANGE = 5;
const NEUTRAL_CONFIDENCE = 0.3;
const DIGITS = 1e4;

/** The baseline: AFINN-165 with negation, emoji and short idioms. English only and literal: irony is beyond it. */
export const lexiconSentiment: SentimentModel = {
  name: 'AFINN-165 lexicon',
  /** of the package wink-sentiment; a test holds it against the one installed */
  version: '5.0.2',
  score(text) {
    const result = analyse(text);
    const telling = (result.tokenizedPhrase ?? []).filter(
      (token) => token.score !== undefined && token.score !== 0,
    );
    if (telling.length === 0) return { score: 0, confidence: NEUTRAL_CONFIDENCE, triggerWords: [] };
    const score = clamp(result.normalizedScore / LEXICON_RANGE);
    // Words that disagree with one another make the reading less sure; more words of one mind make it surer.
    const positive = telling.filter((token) => (token.score ?? 0) > 0).length;
    const agreement = Math.abs(2 * positive - telling.length) / telling.length;
    const confidence = (1 - 1 / (1 + telling.length)) * (0.5 + 0.5 * agreement);
    telling.sort((a, b) => Math.abs(b.score ?? 0) - Math.abs(a.score ?? 0));
    const triggerWords = [...new Set(telling.map((token) => token.value))].slice(0, MAX_TRIGGERS);
    return { score: round(score), confidence: round(confidence), triggerWords };
  },
};

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}

function round(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}

/**
 * The exponentially weighted mean of scores, newest last: the weight of a turn halves with every `HALF_LIFE_TURNS` turns
 * after it. 0 without turns.
 */
export function weightedSentiment(scores: readonly number[]): number {
  let weight = 1;
  let weights = 0;
  let sum = 0;
  const decay = 2 ** (-1 / HALF_LIFE_TURNS);
  for (let i = scores.length - 1; i >= 0; i -= 1) {
    sum += weight * (scores[i] as number);
    weights += weight;
    weight *= decay;
  }
  return weights === 0 ? 0 : sum / weights;
}
