import { SENTIMENT_LABELS, type SentimentLabel } from './sentiment-label.schema';

/** What people called a text, and what a model did. */
export interface LabelPair {
  people: SentimentLabel;
  model: SentimentLabel;
}

export interface LabelScore {
  texts: number;
  /** share of texts that both call the same, 0…1 */
  accuracy: number;
  /** the accuracy of who calls everything what is commonest, 0…1: a model must beat it to be of use */
  commonestShare: number;
  /** mean of the labels' F1, each label counting the same however rare it is, 0…1 */
  macroF1: number;
  byLabel: Record<SentimentLabel, LabelFigures>;
}

interface LabelFigures {
  /** texts that people call so */
  texts: number;
  /** of those, the share the model calls so too; null: there is none */
  recall: number | null;
  /** of those the model calls so, the share that people do too; null: there is none */
  precision: number | null;
  /** 0 where nothing is found */
  f1: number;
}

/** How well a model's labels are people's. @throws RangeError without a pair */
export function scoreLabels(pairs: readonly LabelPair[]): LabelScore {
  if (pairs.length === 0) throw new RangeError('There is nothing to score.');
  const figures = SENTIMENT_LABELS.map((label) => [label, figuresOf(pairs, label)] as const);
  return {
    texts: pairs.length,
    accuracy: pairs.filter(({ people, model }) => people === model).length / pairs.length,
    commonestShare: Math.max(...figures.map(([, { texts }]) => texts)) / pairs.length,
    macroF1: figures.reduce((sum, [, { f1 }]) => sum + f1, 0) / figures.length,
    byLabel: Object.fromEntries(figures) as Record<SentimentLabel, LabelFigures>,
  };
}

function figuresOf(pairs: readonly LabelPair[], label: SentimentLabel): LabelFigures {
  const texts = pairs.filter(({ people }) => people === label).length;
  const told = pairs.filter(({ model }) => model === label).length;
  const both = pairs.filter(({ people, model }) => people === label && model === label).length;
  return {
    texts,
    recall: texts === 0 ? null : both / texts,
    precision: told === 0 ? null : both / told,
    f1: texts + told === 0 ? 0 : (2 * both) / (texts + told),
  };
}
