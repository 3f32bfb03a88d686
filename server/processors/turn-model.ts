import type { JsonObject } from '@/server/core/json';
import { heldState } from './customer-view';
import { lexiconSentiment } from './lexicon-sentiment';

/**
 * Whether a state holds a customer's turn that another edition of the sentiment model read. A turn keeps the reading it was
 * given; from its event the present model would make another.
 */
export function isReadByAnother(state: JsonObject | null, { version } = lexiconSentiment): boolean {
  const contacts = (state && heldState(state)?.ct) ?? [];
  return contacts.some(({ tu }) => tu.some((turn) => turn[2] === 1 && turn[9] !== version));
}
