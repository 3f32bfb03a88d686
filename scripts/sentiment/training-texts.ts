import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabelledDialogue, moodOf } from '@/server/processors/sentiment-benchmark';
import { sentimentFeatures } from '@/server/processors/sentiment-features';
import { SENTIMENT_LABELS } from '@/server/processors/sentiment-label.schema';
import type { LabelledText } from './fit-weights';

/** A rating of −4…4, the mean of twenty people, within this of zero is neutral. */
const NEUTRAL_WITHIN = 0.6;
/** What a point of the lexicon, which rates words from −4 to 4, is as a weight. */
const POINT = 0.75;
/** Our own ratings of emoji that people send to a support desk and the lexicon's words do not describe. */
const EMOJI_RATINGS: Record<string, number> = {
  ...{ '👍': 2, '❤': 3, '🙏': 1.5, '🎉': 2.5 },
  ...{ '👎': -2, '😡': -3, '😠': -2.5, '🤬': -3.5, '😤': -2, '😢': -2, '😭': -2 },
};
/** Sentences of support desks are few and what the model is for: each counts for so many others. */
const SUPPORT_WEIGHT = 20;
export const SUPPORT = 'support';

const keysOf = (text: string) => sentimentFeatures(text).map(({ key }) => key);

export interface SupportText extends LabelledText {
  dialogue: string;
}

/** Customers' sentences of support desks with what people called them; confused ones are left out. */
export function supportTexts(file: URL): SupportText[] {
  const dialogues: LabelledDialogue[] = JSON.parse(readFileSync(file, 'utf8'));
  return dialogues.flatMap(({ id, sentences }) =>
    sentences.flatMap(([emotion, text]): SupportText[] => {
      const mood = moodOf(emotion);
      if (mood === null) return [];
      const label = SENTIMENT_LABELS.indexOf(mood) as 0 | 1 | 2;
      return [{ keys: keysOf(text), label, source: SUPPORT, weight: SUPPORT_WEIGHT, dialogue: id }];
    }),
  );
}

/** Lines of `id, rating, text` of VADER's data, by tabs. */
export function ratedTexts(folder: string, name: string): LabelledText[] {
  return linesOf(join(folder, `${name}_GroundTruth.txt`)).flatMap(([, rating, text]): LabelledText[] => {
    const value = Number(rating);
    if (text === undefined || Number.isNaN(value)) return [];
    const label = value <= -NEUTRAL_WITHIN ? 0 : value >= NEUTRAL_WITHIN ? 2 : 1;
    return [{ keys: keysOf(text), label, source: name, weight: 1 }];
  });
}

/** Whether a text can have it as a key: the lexicon also has numbers and emoticons that are not read as one thing. */
const isRead = (key: string) => keysOf(key).includes(key);

/** What VADER's lexicon says of words and emoticons, and by the words that describe them of emoji, as weights. */
export function lexiconPrior(folder: string, emojiFile: string): Map<string, number> {
  const prior = new Map<string, number>();
  for (const [word, rating] of linesOf(join(folder, 'vader_sentiment_lexicon.txt')))
    if (word && rating && isRead(word)) prior.set(word, Number(rating) * POINT);
  for (const [emoji, rating] of Object.entries(EMOJI_RATINGS)) prior.set(emoji, rating * POINT);
  for (const [emoji, described] of linesOf(emojiFile)) {
    const [key] = keysOf(emoji ?? '');
    const said = keysOf(described ?? '').reduce((sum, word) => sum + (prior.get(word) ?? 0), 0);
    if (key !== undefined && said !== 0 && !prior.has(key)) prior.set(key, said);
  }
  return prior;
}

/** SHA-256 of a file's bytes, to tell what was learned from. */
export function fingerprint(file: string | URL): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function linesOf(file: string): string[][] {
  return readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .map((line) => line.split('\t'));
}
