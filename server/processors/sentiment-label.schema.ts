/** What a turn can be called, from bad to good. */
export const SENTIMENT_LABELS = ['negative', 'neutral', 'positive'] as const;
export type SentimentLabel = (typeof SENTIMENT_LABELS)[number];

/** A score of −1…1 within this of zero is neutral. */
const NEUTRAL_WITHIN = 0.15;

/** What a score of −1…1 calls a turn: the one place that draws the line, for screens, contests and benchmarks alike. */
export function labelOf(score: number): SentimentLabel {
  if (score <= -NEUTRAL_WITHIN) return 'negative';
  return score < NEUTRAL_WITHIN ? 'neutral' : 'positive';
}
