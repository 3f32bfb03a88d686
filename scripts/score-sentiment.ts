/**
 * Scores the sentiment model on conversations that people labelled and keeps the result for the console to show:
 * `npm run score:sentiment`. A test fails when the model or the data changed and this was not run again.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { lexiconSentiment } from '@/server/processors/lexicon-sentiment';
import { benchmarkSentiment } from '@/server/processors/sentiment-benchmark';

const GOLDEN = new URL('../server/processors/golden/', import.meta.url);

const dialogues = JSON.parse(readFileSync(new URL('maia-dqe-customer-sentences.json', GOLDEN), 'utf8'));
const benchmark = benchmarkSentiment(lexiconSentiment, dialogues);
writeFileSync(new URL('sentiment-score.json', GOLDEN), `${JSON.stringify(benchmark, null, 2)}\n`);
const { texts, accuracy, macroF1, likely } = benchmark;
const within = ({ from, to }: { from: number; to: number }) =>
  `(95 %: ${from.toFixed(3)} to ${to.toFixed(3)})`;
console.log(`${texts} sentences: accuracy ${accuracy.toFixed(3)} ${within(likely.accuracy)}`);
console.log(`macro-F1 ${macroF1.toFixed(3)} ${within(likely.macroF1)}`);
