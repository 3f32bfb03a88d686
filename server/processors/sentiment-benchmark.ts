import { type LabelPair, type LabelScore, scoreLabels } from './label-score';
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

/** Reads every sentence with the model and compares what it says with what people said. */
export function benchmarkSentiment(
  model: SentimentModel,
  dialogues: readonly LabelledDialogue[],
): SentimentBenchmark {
  const sentences = dialogues.flatMap((dialogue) => dialogue.sentences);
  const pairs = sentences.flatMap(([emotion, text]): LabelPair[] => {
    const people = MOODS[emotion];
    return people ? [{ people, model: labelOf(model.score(text).score) }] : [];
  });
  return {
    model: { name: model.name, version: model.version },
    data: {
      name: 'MAIA-DQE, customers of one support desk',
      source: 'github.com/johndmendonca/MAIA-DQE (GEM 2023)',
      licence: 'CC BY 4.0',
      dialogues: dialogues.length,
      note: 'Customers’ sentences as their machine translation from Portuguese; people labelled the emotion of each.',
    },
    leftOut: sentences.length - pairs.length,
    ...scoreLabels(pairs),
  };
}
