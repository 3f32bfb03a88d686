import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lexiconSentiment } from './lexicon-sentiment';
import { benchmarkSentiment } from './sentiment-benchmark';
import { NEGATED, sentimentFeatures } from './sentiment-features';
import learned from './sentiment-weights.json';

const golden = (name: string) => JSON.parse(readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8'));
const dialogues = golden('maia-dqe-customer-sentences.json');

it('the score that is shown is what the model scores on the labelled conversations now', () => {
  expect(benchmarkSentiment(lexiconSentiment, dialogues)).toEqual(golden('sentiment-score.json'));
});

it('scores each sentence that people labelled with a mood, and leaves out those they called confused', () => {
  const always = (score: number) => ({
    name: 'always',
    version: '1',
    score: () => ({ score, confidence: 1, triggerWords: [] }),
  });
  const neutral = benchmarkSentiment(always(0), dialogues);
  expect(neutral.texts).toBe(202);
  expect(neutral.leftOut).toBe(45);
  expect(neutral.accuracy).toBeCloseTo(144 / 202, 12);
  expect(benchmarkSentiment(always(-1), dialogues).accuracy).toBeCloseTo(52 / 202, 12);
});

it('says where other samples would put the figures, around them and always the same', () => {
  const { likely, accuracy, macroF1 } = benchmarkSentiment(lexiconSentiment, dialogues);
  for (const [value, { from, to }] of [
    [accuracy, likely.accuracy],
    [macroF1, likely.macroF1],
  ] as const) {
    expect(from).toBeLessThan(value);
    expect(to).toBeGreaterThan(value);
    expect(to - from).toBeGreaterThan(0.05);
  }
});

it('the model was not taught with what it is scored on', () => {
  const taught: { id: string }[] = golden('maia-dqe-development-sentences.json');
  const scored = new Set(dialogues.map(({ id }: { id: string }) => id));
  expect(taught.filter(({ id }) => scored.has(id))).toEqual([]);
});

it('the weights were learned from the development sentences as they are now', () => {
  const file = readFileSync(new URL('golden/maia-dqe-development-sentences.json', import.meta.url));
  expect(learned.learnedFrom.support).toBe(createHash('sha256').update(file).digest('hex'));
});

it('every weight is one that a text can ask for', () => {
  const bare = Object.keys(learned.weights).map((key) =>
    key.startsWith(NEGATED) ? key.slice(NEGATED.length) : key,
  );
  expect(bare.length).toBeGreaterThan(10_000);
  expect(bare.filter((key) => !sentimentFeatures(key).some((feature) => feature.key === key))).toEqual([]);
});
