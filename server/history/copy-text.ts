import { createHash } from 'node:crypto';
import { FIRST_INSTANT_MS, LAST_INSTANT_MS } from '@/server/core/calendar';

/** Postgres's text format of COPY: tab between columns, `\N` for null, backslash before what would be read otherwise. */
const SPECIAL = /[\\\t\n\r\0]/g;
const HAS_SPECIAL = /[\\\t\n\r\0]/;
const ESCAPES: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r', '\0': '' };

export const NULL_COLUMN = '\\N';

/** One column's text. NUL cannot be stored by Postgres and is left out. */
export function copyText(value: string): string {
  return HAS_SPECIAL.test(value) ? value.replace(SPECIAL, (found) => ESCAPES[found] ?? '') : value;
}

export function copyTextOrNull(value: string | null | undefined): string {
  return value === null || value === undefined ? NULL_COLUMN : copyText(value);
}

/** Longest text that goes into an indexed column: an index takes rows of 2,700 bytes at most. */
const MOST_KEY_CHARACTERS = 600;

/** A key of an indexed column; one that is too long is cut and told apart by its hash. */
export function copyKey(value: string): string {
  return copyText(boundedKey(value));
}

export function boundedKey(value: string): string {
  if (value.length <= MOST_KEY_CHARACTERS) return value;
  return `${value.slice(0, MOST_KEY_CHARACTERS - 41)}~${createHash('sha1').update(value).digest('hex')}`;
}

const SECOND_MS = 1_000;
/** `000` to `999`. */
const MILLISECONDS = Array.from({ length: SECOND_MS }, (_, ms) => String(ms).padStart(3, '0'));
let lastSecond = Number.NaN;
let lastText = '';

/**
 * A time with its zone, held within what the column can keep. Neighbouring rows often share a second: it is written out
 * once for them. Postgres reads a blank and `+00` a third faster than `T` and `Z`.
 */
export function copyTime(ms: number): string {
  const held = Number.isFinite(ms)
    ? Math.trunc(Math.min(Math.max(ms, FIRST_INSTANT_MS), LAST_INSTANT_MS))
    : 0;
  const second = Math.floor(held / SECOND_MS);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = new Date(second * SECOND_MS).toISOString().slice(0, -'000Z'.length).replace('T', ' ');
  }
  return `${lastText}${MILLISECONDS[held - second * SECOND_MS]}+00`;
}

const UNSTORABLE = /\\u0000|\\u[dD][89a-fA-F]/;

/** A value as a JSON column. */
export function copyJson(value: unknown): string {
  return copyJsonText(JSON.stringify(value) ?? 'null');
}

/** JSON text as a column: what `jsonb` refuses (NUL, surrogates without their pair) is replaced. */
export function copyJsonText(text: string): string {
  if (!UNSTORABLE.test(text)) return copyText(text);
  return copyText(
    JSON.stringify(JSON.parse(text), (_, inner) =>
      typeof inner === 'string' ? storable(inner) : storableKeys(inner),
    ),
  );
}

function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}

function storableKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), inner]));
}
