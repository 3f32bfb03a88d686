import { SCALE_MAX } from './use-case-stage.schema';

export interface ScoreSpread {
  /** people who scored */
  people: number;
  mean: number;
  low: number;
  high: number;
  value: number;
  effort: number;
}

/** Value times ease, of 100: something worth 10 that takes no effort (1) scores 100. */
export function scoreOf(value: number, effort: number): number {
  return value * (SCALE_MAX + 1 - effort);
}

/** Mean and spread of the scores that people gave; null while nobody has. */
export function spreadOf(scores: readonly { value: number; effort: number }[]): ScoreSpread | null {
  if (scores.length === 0) return null;
  const each = scores.map(({ value, effort }) => scoreOf(value, effort));
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
  return {
    people: scores.length,
    mean: mean(each),
    low: Math.min(...each),
    high: Math.max(...each),
    value: mean(scores.map(({ value }) => value)),
    effort: mean(scores.map(({ effort }) => effort)),
  };
}
