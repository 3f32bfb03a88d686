import { Money, moneyText } from '@/server/core/money';
import type { FactKind } from './fact';
import type { FactMeasure, MeasureResult } from './fact-measure';
import type { Aggregate } from './window-step';

/** Facts of one kind and currency at one time: what the signs leave of their number, and of their amounts. */
export interface FactValue {
  kind: FactKind;
  /** signed */
  count: number;
  currency: string | null;
  /** signed exact decimal text */
  amount: string | null;
}

/** Number of each kind, and exact decimal sum of each currency; what is zero is not there. */
export type FactAccumulator = { n: Record<string, number>; m: Record<string, string> };

/** The aggregate of a measure: a group, so that what is taken back leaves what would have been without it. */
export function measureAggregate(measure: FactMeasure): Aggregate<FactValue, FactAccumulator, MeasureResult> {
  return {
    empty: () => ({ n: {}, m: {} }),
    add: (acc, value) => merged(acc, accumulated(measure, value)),
    merge: merged,
    isEmpty: ({ n, m }) => Object.keys(n).length === 0 && Object.keys(m).length === 0,
    result: (acc) => resultOf(measure, acc),
  };
}

function accumulated(measure: FactMeasure, { kind, count, currency, amount }: FactValue): FactAccumulator {
  const acc: FactAccumulator = { n: { [kind]: count }, m: {} };
  if (measure.fold !== 'sum' || amount === null || currency === null) return acc;
  const sum = new Money(amount);
  acc.m[currency] = moneyText(measure.minus.includes(kind) ? sum.negated() : sum);
  return acc;
}

function merged(a: FactAccumulator, b: FactAccumulator): FactAccumulator {
  const n = { ...a.n };
  for (const [kind, count] of Object.entries(b.n)) {
    n[kind] = (n[kind] ?? 0) + count;
    if (n[kind] === 0) delete n[kind];
  }
  const m = { ...a.m };
  for (const [currency, amount] of Object.entries(b.m)) {
    const sum = new Money(m[currency] ?? 0).plus(amount);
    if (sum.isZero()) delete m[currency];
    else m[currency] = moneyText(sum);
  }
  return { n, m };
}

function resultOf(measure: FactMeasure, { n, m }: FactAccumulator): MeasureResult {
  const count = (kinds: readonly FactKind[]) => kinds.reduce((sum, kind) => sum + (n[kind] ?? 0), 0);
  if (measure.fold === 'sum') return { fold: 'sum', amounts: m };
  if (measure.fold === 'count') return { fold: 'count', value: count(measure.kinds) };
  return { fold: 'share', part: count(measure.part), of: count(measure.kinds) };
}
