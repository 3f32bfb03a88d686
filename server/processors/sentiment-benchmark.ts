import { type LabelPair, type LabelScore, scoreLabels } from './label-score';
import { type LikelyScores, likelyScores } from './label-score-interval';
import type { SentimentModel } from './sentiment';
import { labelOf, type SentimentLabel } from './sentiment-label.schema';

/** Conversations whose sentences people labelled with an emotion by its number, see `golden/NOTICE.md`. */
export interface LabelledDialogue {
  id: string;
  sentences: [emotion: number, text: string][];
}

/** What a model scored on sentences that people labelled. */
export interface SentimentBenchmark extends LabelScore {
  model: { name: string; version: string };
  data: { name: string; source: string; licence: string; dialogues: number; note: string };
  /** sentences that people called confused, which is neither good nor bad */
  leftOut: number;
  likely: LikelyScores;
}

/** What each emotion of MAIA-DQE says of the mood. Confusion is no sentiment: those sentences are not scored. */
const MOODS: readonly (SentimentLabel | null)[] = [
  'positive', // empathy
  'positive', // happiness
  'neutral',
  'negative', // disappointment
  null, // confusion
  'negative', // frustration
  'negative', // anger
  'negative', // anxiety
];

/** The mood an emotion of MAIA-DQE stands for; null: it says nothing of the mood. */
export function moodOf(emotion: number): SentimentLabel | null {
  return MOODS[emotion] ?? null;
}

/** Reads every sentence with the model and compares what it says with what people said. */
export function benchmarkSentiment(
  model: SentimentModel,
  dialogues: readonly LabelledDialogue[],
): SentimentBenchmark {
  const pairsOf = dialogues.map(({ sentences }) =>
    sentences.flatMap(([emotion, text]): LabelPair[] => {
      const people = moodOf(emotion);
      return people ? [{ people, model: labelOf(model.score(text).score) }] : [];
    }),
  );
  const pairs = pairsOf.flat();
  return {
    model: { name: model.name, version: model.version },
    data: {
      name: 'MAIA-DQE, customers of one support desk',
      source: 'github.com/johndmendonca/MAIA-DQE (GEM 2023)',
      licence: 'CC BY 4.0',
      dialogues: dialogues.length,
      note: 'Customers’ sentences as their machine translation from Portuguese; people labelled the emotion of each.',
    },
    leftOut: dialogues.flatMap(({ sentences }) => sentences).length - pairs.length,
    likely: likelyScores(pairsOf),
    ...scoreLabels(pairs),
  };
}
