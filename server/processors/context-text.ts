import { insertOrdered } from '@/server/streaming/ordered-buffer';
import type { ContextEntry } from './customer-state';
import {
  entryCount,
  entryStart,
  numberOrText,
  plainText,
  readNumberOrText,
  readText,
  readTime,
  timeAt,
  timeText,
} from './entry-text';

/** The last events of a customer as one text (see `entry-text.ts`). */
export type ContextText = string;

export const CONTEXT_EVENTS = 20;

/** Adds an event to the last 20, in event order. */
export function addToContext(text: ContextText, entry: ContextEntry): ContextText {
  if (text === '') return encodeEntry(entry);
  if (entry[0] > timeAt(text, text.lastIndexOf(';') + 1)) return newestOf(`${text};${encodeEntry(entry)}`);
  const entries = contextEntries(text);
  const oldest = entries[0];
  if (entries.length >= CONTEXT_EVENTS && oldest !== undefined && entry[0] < oldest[0]) return text;
  insertOrdered(entries, entry);
  return newestOf(entries.map(encodeEntry).join(';'));
}

/** All entries, oldest first. */
export function contextEntries(text: ContextText): ContextEntry[] {
  return text === '' ? [] : text.split(';').map(decodeEntry);
}

export function lastContextEntry(text: ContextText): ContextEntry | undefined {
  return text === '' ? undefined : decodeEntry(text.slice(text.lastIndexOf(';') + 1));
}

/** The newest 20 of a text of more. */
export function newestOf(text: ContextText): ContextText {
  const excess = entryCount(text) - CONTEXT_EVENTS;
  return excess > 0 ? text.slice(entryStart(text, excess)) : text;
}

/** The text as it was kept before entries named a currency. */
export function withoutCurrencies(text: ContextText): ContextText {
  return contextEntries(text)
    .map(([t, id, name, platform, item, amount]) => encodeEntry([t, id, name, platform, item, amount]))
    .join(';');
}

function encodeEntry([t, id, name, platform, item, amount, currency]: ContextEntry): string {
  const head = `${timeText(t)}|${plainText(id)}|${numberOrText(name)}|${platform}`;
  if (item === undefined) return head;
  if (amount === undefined) return `${head}|${plainText(item)}`;
  const priced = `${head}|${plainText(item)}|${numberOrText(amount)}`;
  return currency === undefined ? priced : `${priced}|${plainText(currency)}`;
}

function decodeEntry(text: string): ContextEntry {
  const [t = '', id = '', name = '', platform = '', item, amount, currency] = text.split('|');
  const entry: ContextEntry = [readTime(t), readText(id), readNumberOrText(name), Number(platform)];
  if (item !== undefined) entry.push(readText(item));
  if (amount !== undefined) entry.push(readNumberOrText(amount));
  if (currency !== undefined) entry.push(readText(currency));
  return entry;
}
