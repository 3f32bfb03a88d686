import { formatDateTime } from '@/components/ui/format';

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
