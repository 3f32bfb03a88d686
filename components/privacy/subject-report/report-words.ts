import { formatDateTime, formatDuration } from '@/components/ui/format';

/** A time as a report writes it out: whole, with its zone; a dash where there is none. */
export const timeWords = (at: string | null): string =>
  at === null || at === '' ? '–' : formatDateTime(Date.parse(at));

const FACT_WORDS: Record<string, string> = {
  visit: 'visits',
  cartOpened: 'carts opened',
  cartConverted: 'carts that became orders',
  cartAbandoned: 'carts left',
  cartEmptied: 'carts emptied',
  cartRecovered: 'carts won back',
  directOrder: 'orders without a cart',
  order: 'orders',
  refund: 'refunds',
  late: 'late events',
};

export const factWords = (kind: string): string => FACT_WORDS[kind] ?? kind;

/** The properties of an event, or the inputs of a decision, in a line. */
export function valuesInWords(values: object): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(' · ');
}

/** Title and reason of a decision's action. */
export function actionWords(action: Record<string, unknown>): string {
  const { title, reason, kind } = action;
  const words = [title, reason].filter((word) => typeof word === 'string' && word !== '');
  return words.length > 0 ? words.join(' – ') : String(kind ?? '');
}

const WAIT_REASON_WORDS: Record<string, string> = {
  contact: 'a chat or call',
  rule: 'a rule',
  cart: 'a cart at risk',
};

export const waitReasonWords = (reason: string): string => WAIT_REASON_WORDS[reason] ?? reason;

const OUTCOME_WORDS: Record<string, string> = {
  helped: 'helped',
  notReached: 'not reached',
  released: 'given back',
  left: 'left the queue',
};

export const outcomeWords = (outcome: string | null): string =>
  outcome === null ? 'ended' : (OUTCOME_WORDS[outcome] ?? outcome);

/** How long the wait had lasted when it passed the time it might take; a dash: it did not. */
export const breachWords = ({ since, breachedAt }: { since: string; breachedAt: string | null }): string =>
  breachedAt === null ? '–' : formatDuration(Date.parse(breachedAt) - Date.parse(since));

interface Taking {
  takenAt: string | null;
  takenBy: string | null;
}

/** Who took a wait, and when; a dash: nobody. */
export function takenWords({ takenAt, takenBy }: Taking): string {
  if (takenAt === null) return '–';
  return takenBy === null ? timeWords(takenAt) : `by ${takenBy}, ${timeWords(takenAt)}`;
}

/** What became of a wait that was raised. */
export function becameWords({ leftAt, ...taking }: Taking & { leftAt: string | null }): string {
  if (taking.takenAt !== null) return `taken ${takenWords(taking)}`;
  return leftAt === null ? 'stands' : `left, ${timeWords(leftAt)}`;
}
