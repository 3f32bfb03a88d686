import { isBeyond } from '@/server/streaming/ordered-buffer';
import type { CartEntry, CartKind } from './customer-state';
import {
  joinTexts,
  numberOrText,
  plainText,
  readNumberOrText,
  readText,
  readTime,
  timeAt,
  timeText,
} from './entry-text';

/** Buffered cart events as one text (see `entry-text.ts`), in event order. */
export type CartText = string;

export function cartEntries(text: CartText): CartEntry[] {
  return text === '' ? [] : text.split(';').map(decodeEntry);
}

export function cartText(entries: readonly CartEntry[]): CartText {
  return entries.map(encodeEntry).join(';');
}

/** With an entry after all others. */
export function appendEntry(text: CartText, entry: CartEntry): CartText {
  return joinTexts(text, encodeEntry(entry));
}

/** Whether an entry comes after all of the buffer. */
export function comesLast(text: CartText, entry: CartEntry): boolean {
  if (text === '') return true;
  const start = text.lastIndexOf(';') + 1;
  const t = timeAt(text, start);
  return t === entry[0] ? isBeyond(decodeEntry(text.slice(start)), entry) : t < entry[0];
}

function encodeEntry(entry: CartEntry): string {
  // By index: taking arrays apart by pattern costs more here than all the rest.
  const head = `${timeText(entry[0])}|${plainText(entry[1])}|${entry[2]}|${entry[3]}`;
  const [amount, currency, item, quantity, title] = [entry[4], entry[5], entry[6], entry[7], entry[8]];
  if (amount === undefined) return head;
  const priced = `${head}|${numberOrText(amount)}|${plainText(currency ?? '')}`;
  if (item === undefined) return priced;
  const whole = `${priced}|${plainText(item)}|${quantity ?? 1}`;
  return title === undefined ? whole : `${whole}|${plainText(title)}`;
}

function decodeEntry(text: string): CartEntry {
  const [t = '', id = '', kind, platform, amount, currency = '', item, quantity = '1', title] =
    text.split('|');
  const head: CartEntry = [readTime(t), readText(id), Number(kind) as CartKind, Number(platform)];
  if (amount === undefined) return head;
  head.push(readNumberOrText(amount), readText(currency));
  if (item === undefined) return head;
  head.push(readText(item), Number(quantity));
  if (title !== undefined) head.push(readText(title));
  return head;
}
