import type { Json, JsonObject } from '@/server/core/json';
import type { ActorKind } from './audit.schema';

/** What a reader had before their eyes. */
export interface Seen {
  /** where it was shown */
  screen: string;
  fields: string[];
  /** whether names and ways to reach the person stood there unmasked */
  inClear: boolean;
}

const CARD_FIELDS = [
  'keys',
  'traits',
  'visits',
  'cart',
  'orders',
  'last events',
  'conversations',
  'next best action',
  'consent',
];

/** Actions of the audit that show somebody data of one customer, who is their subject. */
export const LOOK_ACTIONS = [
  'customer.viewed',
  'customer.revealed',
  'state.explained',
  'subject.reported',
] as const;

/** What an audited read showed; null for entries that show nothing of a customer. */
export function seenBy(entry: {
  action: string;
  actorKind: ActorKind | string;
  details: JsonObject;
}): Seen | null {
  switch (entry.action) {
    case 'customer.viewed':
      return entry.actorKind === 'key'
        ? { screen: 'card by REST', fields: CARD_FIELDS, inClear: true }
        : { screen: 'card, timeline and purchases', fields: CARD_FIELDS, inClear: false };
    case 'customer.revealed':
      return {
        screen: `card in clear${forSeconds(entry.details.seconds)}`,
        fields: CARD_FIELDS,
        inClear: true,
      };
    case 'state.explained':
      return {
        screen: 'stored state explained',
        fields: ['keyed state', 'events it was made from'],
        inClear: false,
      };
    case 'subject.reported':
      return { screen: 'subject report', fields: textsOf(entry.details.parts), inClear: true };
    default:
      return null;
  }
}

function forSeconds(seconds: Json | undefined): string {
  return typeof seconds === 'number' ? ` for ${Math.round(seconds / 60)} minutes` : '';
}

function textsOf(parts: Json | undefined): string[] {
  return Array.isArray(parts) ? parts.filter((part) => typeof part === 'string') : [];
}
