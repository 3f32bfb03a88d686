import { insertOrdered } from '@/server/streaming/ordered-buffer';
import type { Amount } from './amount';
import type { ContextEntry } from './customer-state';

/**
 * The last events of a customer as one text: entries apart by `;`, their members by `|`, times in base 36. It stands in
 * every state that is written, and is nearly always only added to: as text it costs a copy, as arrays a parse.
 */
export type ContextText = string;

export const CONTEXT_EVENTS = 20;
const RADIX = 36;
/** Before text where a number could stand: a name that is not known, an amount that is no whole number of hundredths. */
const TEXT_MARK = "'";
const RESERVED = /[%;|]/;

/** Adds an event to the last 20, in event order. */
export function addToContext(text: ContextText, entry: ContextEntry): ContextText {
  if (text === '') return encodeEntry(entry);
  const lastAt = text.lastIndexOf(';') + 1;
  if (entry[0] > Number.parseInt(text.slice(lastAt, text.indexOf('|', lastAt)), RADIX)) {
    return bounded(`${text};${encodeEntry(entry)}`);
  }
  const entries = contextEntries(text);
  const oldest = entries[0];
  if (entries.length >= CONTEXT_EVENTS && oldest !== undefined && entry[0] < oldest[0]) return text;
  insertOrdered(entries, entry);
  return bounded(entries.map(encodeEntry).join(';'));
}

/** All entries, oldest first. */
export function contextEntries(text: ContextText): ContextEntry[] {
  return text === '' ? [] : text.split(';').map(decodeEntry);
}

export function lastContextEntry(text: ContextText): ContextEntry | undefined {
  return text === '' ? undefined : decodeEntry(text.slice(text.lastIndexOf(';') + 1));
}

/** At most one too many: the oldest goes. */
function bounded(text: ContextText): ContextText {
  let entries = 1;
  for (let at = text.indexOf(';'); at >= 0; at = text.indexOf(';', at + 1)) entries += 1;
  return entries > CONTEXT_EVENTS ? text.slice(text.indexOf(';') + 1) : text;
}

function encodeEntry([t, id, name, platform, item, amount]: ContextEntry): string {
  const head = `${t.toString(RADIX)}|${plain(id)}|${numberOrText(name)}|${platform}`;
  if (item === undefined) return head;
  return amount === undefined ? `${head}|${plain(item)}` : `${head}|${plain(item)}|${numberOrText(amount)}`;
}

function decodeEntry(text: string): ContextEntry {
  const [t = '', id = '', name = '', platform = '', item, amount] = text.split('|');
  const entry: ContextEntry = [Number.parseInt(t, RADIX), read(id), readNumberOrText(name), Number(platform)];
  if (item !== undefined) entry.push(read(item));
  if (amount !== undefined) entry.push(readNumberOrText(amount));
  return entry;
}

function numberOrText(value: Amount): string {
  return typeof value === 'number' ? String(value) : TEXT_MARK + plain(value);
}

function readNumberOrText(text: string): Amount {
  return text.startsWith(TEXT_MARK) ? read(text.slice(1)) : Number(text);
}

function plain(text: string): string {
  return RESERVED.test(text)
    ? text.replace(/[%;|]/g, (found) => `%${found.charCodeAt(0).toString(16)}`)
    : text;
}

function read(text: string): string {
  return text.includes('%')
    ? text.replace(/%(25|3b|7c)/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
}
