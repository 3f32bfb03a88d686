import { ASSUMPTIONS, type AssumptionKey, type Assumptions } from './choice-terms.schema';

/** A flag that stands. */
export interface StandingFlag {
  assumption: AssumptionKey;
  worst: number;
}

export type FlagChange =
  | { kind: 'raise'; assumption: AssumptionKey; allowed: number; measured: number }
  | { kind: 'worsen'; assumption: AssumptionKey; measured: number }
  | { kind: 'clear'; assumption: AssumptionKey; measured: number };

/**
 * What becomes of a record's flags. Exceeded: flagged, with the worst value seen; within again: cleared. What could not
 * be measured changes nothing: unknown is neither good nor bad. Pure.
 */
export function judgeAssumptions(
  assumptions: Assumptions,
  measured: Readonly<Record<AssumptionKey, number | null>>,
  standing: readonly StandingFlag[],
): FlagChange[] {
  return ASSUMPTIONS.flatMap((assumption): FlagChange[] => {
    const allowed = assumptions[assumption];
    const value = measured[assumption];
    if (allowed === undefined || value === null) return [];
    const flag = standing.find((each) => each.assumption === assumption);
    if (value <= allowed) return flag ? [{ kind: 'clear', assumption, measured: value }] : [];
    if (!flag) return [{ kind: 'raise', assumption, allowed, measured: value }];
    return value > flag.worst ? [{ kind: 'worsen', assumption, measured: value }] : [];
  });
}
