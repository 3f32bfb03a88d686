import type { JsonObject } from '@/server/core/json';
import type { CardView } from './card-view.schema';

/**
 * Traits that say nothing of who somebody is or how to reach them; all others count as personal. Compared in lower case,
 * without separators.
 */
const PLAIN_TRAITS =
  /^(plan|tier|segment|loyalty\w*|points|currency|locale|language|country|platform|device\w*|newsletter|marketing\w*|vip|ltv|status|createdat|signupat|source|channel|theme|version|seats|orders|visits|score)$/;

const EMAIL = /[^\s@<>(),;:"]+@[^\s@<>(),;:"]+\.[^\s@<>(),;:"]+/gu;
/** Seven digits or more, however they are grouped: telephone, card and account numbers. */
const LONG_NUMBER = /\+?\d(?:[\s()./-]{0,3}\d){6,}/gu;

/** The first letter and dots: enough to tell two people apart while talking, too little to know them. */
export function maskName(text: string): string {
  return text
    .split(/\s+/u)
    .filter((part) => part.length > 0)
    .map((part) => `${[...part][0] ?? ''}•••`)
    .join(' ');
}

/** Cuts addresses and long numbers out of a text that people wrote or spoke. */
export function maskText(text: string): string {
  return text.replace(EMAIL, '[e-mail]').replace(LONG_NUMBER, '[number]');
}

export function isPersonalTrait(name: string): boolean {
  return !PLAIN_TRAITS.test(name.toLowerCase().replace(/[\s_.-]/g, ''));
}

/** Whether a key itself says who somebody is, as an e-mail address or a telephone number does. */
export function isPersonalKey(key: string): boolean {
  return maskText(key) !== key && (key.includes('@') || /^\+?[\d\s().-]{7,}$/.test(key));
}

/** A key as it may be shown: unchanged unless it is an address or a number of somebody. */
export function maskKey(key: string): string {
  if (!isPersonalKey(key)) return key;
  return `${[...key].slice(0, 2).join('')}•••`;
}

/** Words shorter than this are in any text. */
const MIN_WORD_LENGTH = 3;

/** The words of what a customer's personal traits say: they are masked wherever else a text repeats them. */
function personalWords(traits: CardView['traits']): RegExp | null {
  const words = traits
    .filter(({ name }) => isPersonalTrait(name))
    .flatMap(({ value }) => value.split(/\s+/u))
    .filter((word) => word.length >= MIN_WORD_LENGTH)
    .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  if (words.length === 0) return null;
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${[...new Set(words)].join('|')})(?![\\p{L}\\p{N}])`, 'giu');
}

/** The card for who has not revealed it: traits that are personal in part, texts without them, addresses and numbers. */
export function maskCard(card: CardView): CardView {
  const words = personalWords(card.traits);
  const hideWords = (text: string) => (words === null ? text : text.replace(words, maskName));
  const hide = (text: string) => hideWords(maskText(text));
  // Numbers of goods are as long as a telephone's.
  const hideInGoods = (text: string) => hideWords(text.replace(EMAIL, '[e-mail]'));
  return {
    ...card,
    displayName: card.displayName === card.customer ? maskKey(card.customer) : maskName(card.displayName),
    keys: card.keys.map(maskKey),
    traits: card.traits.map((trait) =>
      isPersonalTrait(trait.name)
        ? { ...trait, value: maskName(trait.value), masked: true }
        : { ...trait, value: hide(trait.value) },
    ),
    lastEvents: card.lastEvents.map((event) => ({
      ...event,
      name: hide(event.name),
      ...(event.item === undefined ? {} : { item: hideInGoods(event.item) }),
    })),
    cart: card.cart && {
      ...card.cart,
      items: card.cart.items.map((line) => ({
        ...line,
        item: hideInGoods(line.item),
        title: hideInGoods(line.title),
      })),
    },
    contacts: card.contacts.map((contact) => ({
      ...contact,
      turns: contact.turns.map((turn) => ({ ...turn, text: hide(turn.text) })),
    })),
    nextBestAction: card.nextBestAction && {
      ...card.nextBestAction,
      action: maskTexts(card.nextBestAction.action, hide),
    },
  };
}

function maskTexts(action: JsonObject, hide: (text: string) => string): JsonObject {
  return Object.fromEntries(
    Object.entries(action).map(([name, value]) => [name, typeof value === 'string' ? hide(value) : value]),
  );
}
