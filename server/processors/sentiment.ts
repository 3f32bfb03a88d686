/** A model that reads one turn. Synchronous and pure: another takes its place here. */
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
