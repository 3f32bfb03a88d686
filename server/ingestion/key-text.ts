import { MAX_KEY_LENGTH } from '@/server/core/key-length';

/** Text of an id: numbers are taken as written. Undefined when absent, null when it is no id. */
export function keyText(value: unknown): string | undefined | null {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value.length <= MAX_KEY_LENGTH ? value : null;
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null;
}
