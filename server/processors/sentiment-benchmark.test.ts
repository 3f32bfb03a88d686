import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { lexiconSentiment } from './sentiment';
import { benchmarkSentiment } from './sentiment-benchmark';

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

it('the model names the edition of the lexicon that is installed', () => {
  const installed = JSON.parse(
    readFileSync(new URL('../../node_modules/wink-sentiment/package.json', import.meta.url), 'utf8'),
  );
  expect(lexiconSentiment.version).toBe(installed.version);
});
