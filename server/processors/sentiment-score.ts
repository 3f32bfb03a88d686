import score from './golden/sentiment-score.json';
import type { SentimentBenchmark } from './sentiment-benchmark';

/** What the model scored on public conversations, as `npm run score:sentiment` wrote it. */
export const SENTIMENT_SCORE: SentimentBenchmark = score;
