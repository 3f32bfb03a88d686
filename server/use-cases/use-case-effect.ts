import { metricByKey } from '@/server/observability';
import { differenceInterval, type Interval, type Proportion, wilsonInterval } from './proportion-difference';

/** Customers of one arm, each counted once, by the first decision about them. */
export interface ArmCounts {
  /** about whom a rule of the use case decided */
  decided: number;
  /** of those, with the whole time for an outcome behind them: only these are compared */
  counted: number;
  ordered: number;
  abandoned: number;
}

export type Outcome = 'ordered' | 'abandoned';
export type Verdict = 'better' | 'worse' | 'unclear';

/** A share of an arm with its 95 % interval, all from 0 to 1. */
export interface ArmShare extends Proportion, Interval {
  share: number;
}

export interface OutcomeComparison {
  outcome: Outcome;
  /** what the bound metric is about */
  isPrimary: boolean;
  /** null: nobody is counted in this arm yet */
  treated: ArmShare | null;
  heldOut: ArmShare | null;
  /** treated less held out, from −1 to 1, with its 95 % interval; null while an arm is empty */
  difference: ({ value: number } & Interval) | null;
  /** the difference in percent of the share of the held out, as a change is predicted; null where that is 0 or unknown */
  relativePercent: number | null;
  /** unclear: too few, or the interval holds 0 */
  verdict: Verdict;
}

/** What a launch of a use case did to those its rules decided about. */
export interface UseCaseEffect {
  /** when it was read, ms */
  at: number;
  /** decisions read go back to here, ms */
  since: number;
  /** how long after the event decided about an outcome counts, ms */
  outcomeMs: number;
  /** more was decided than was read: the newest were taken */
  cut: boolean;
  /** customers decided about in both arms, because two of their keys met since */
  mixed: number;
  treated: ArmCounts;
  heldOut: ArmCounts;
  outcomes: OutcomeComparison[];
}

/** With fewer in an arm nothing is said, whatever the interval: one customer would turn it over. */
export const FEWEST_PER_ARM = 30;

const BETTER: Record<Outcome, 'up' | 'down'> = { ordered: 'up', abandoned: 'down' };

/** What the bound metric is about: a cart left behind, else an order. */
function primaryOutcome(metric: string | null): Outcome {
  const about = metric === null ? undefined : metricByKey(metric)?.key;
  const left = about === 'abandonmentRate' || about === 'cartsAbandoned' || about === 'cartsAtRisk';
  return left ? 'abandoned' : 'ordered';
}

/** Both outcomes, that of the bound metric first. */
export function compareArms(
  metric: string | null,
  treated: ArmCounts,
  heldOut: ArmCounts,
): OutcomeComparison[] {
  const primary = primaryOutcome(metric);
  const other: Outcome = primary === 'ordered' ? 'abandoned' : 'ordered';
  return [primary, other].map((outcome) => ({
    isPrimary: outcome === primary,
    ...compareOutcome(outcome, treated, heldOut),
  }));
}

function compareOutcome(
  outcome: Outcome,
  treatedCounts: ArmCounts,
  heldOutCounts: ArmCounts,
): Omit<OutcomeComparison, 'isPrimary'> {
  const [treated, heldOut] = [treatedCounts, heldOutCounts].map((arm) =>
    shareOf({ count: arm[outcome], of: arm.counted }),
  ) as [ArmShare | null, ArmShare | null];
  if (treated === null || heldOut === null) {
    return { outcome, treated, heldOut, difference: null, relativePercent: null, verdict: 'unclear' };
  }
  const value = treated.share - heldOut.share;
  const difference = { value, ...differenceInterval(treated, heldOut) };
  const relativePercent = heldOut.share === 0 ? null : (value / heldOut.share) * 100;
  const enough = Math.min(treated.of, heldOut.of) >= FEWEST_PER_ARM;
  const verdict = enough ? verdictOf(difference, BETTER[outcome]) : 'unclear';
  return { outcome, treated, heldOut, difference, relativePercent, verdict };
}

function shareOf(proportion: Proportion): ArmShare | null {
  if (proportion.of === 0) return null;
  return { ...proportion, share: proportion.count / proportion.of, ...wilsonInterval(proportion) };
}

function verdictOf({ low, high }: Interval, better: 'up' | 'down'): Verdict {
  if (low <= 0 && high >= 0) return 'unclear';
  return low > 0 === (better === 'up') ? 'better' : 'worse';
}
