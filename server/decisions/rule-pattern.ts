import type { RuleDefinition } from './rule.schema';

/** So many events of a name by one customer within a span: what some rules come to. */
export interface RulePattern {
  eventName: string;
  times: number;
  withinMs: number;
}

const MINUTE_MS = 60_000;
const COUNTED =
  /^\s*card\.count\(\s*("(?:[^"\\]|\\.)*"|'[^'\\]*')\s*,\s*(\d{1,5})\s*\)\s*(>=|>|==)\s*(\d{1,2})(?:\.0+)?\s*$/;

/**
 * The pattern of a rule whose whole condition is a count of the very event that triggers it, such as
 * `card.count("Payment Failed", 5) >= 3`. Null: the rule says more, or something else.
 */
export function patternOf({ when, if: condition }: Pick<RuleDefinition, 'when' | 'if'>): RulePattern | null {
  const [, quoted = '', minutes, comparison, number] = COUNTED.exec(condition) ?? [];
  if (minutes === undefined || number === undefined) return null;
  const eventName = quoted.startsWith('"') ? textOf(quoted) : quoted.slice(1, -1);
  const times = Number(number) + (comparison === '>' ? 1 : 0);
  if (eventName === null || times < 1 || Number(minutes) < 1) return null;
  if (when.length !== 1 || when[0] !== eventName) return null;
  return { eventName, times, withinMs: Number(minutes) * MINUTE_MS };
}

function textOf(quoted: string): string | null {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return null;
  }
}
