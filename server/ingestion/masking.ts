/** Longest sample of a refused event that is kept in the open. */
export const MAX_SAMPLE_LENGTH = 2_000;
const MAX_TEXT_LENGTH = 200;
const MAX_ITEMS = 50;
const MAX_DEPTH = 6;

const E_MAIL = /[^\s"'<>()[\],:;@]+@[^\s"'<>()[\],:;@]+/g;
/** Seven digits or more, also with the usual marks between them: phones, cards, accounts. */
const LONG_NUMBER = /\+?\d(?:[\s().\-/]?\d){6,}/g;
const PERSONAL_KEY =
  /(first|last|full|middle|sur|given|family|maiden|user|customer|nick).?name|phone|mobile|e-?mail|address|street|zip|postal|birth|ssn|iban|passport|card|password|secret|token|authorization|^ip$|^text$|^message$/i;
const GOODS_KEYS = ['price', 'product_id', 'sku', 'quantity'];

/** Masks what may tell who somebody is in free text: e-mail addresses and long numbers. Times are left readable. */
export function maskText(text: string): string {
  return text
    .replaceAll(E_MAIL, '[e-mail]')
    .replaceAll(LONG_NUMBER, (found) => (/^\d{4}-\d\d-\d\d/.test(found) ? found : '[number]'));
}

/** A masked, bounded text of a value that was refused or is shown in the debugger. */
export function maskedSample(value: unknown): string {
  if (typeof value === 'string') return maskRaw(value);
  return bounded(JSON.stringify(masked(value, '', 0)) ?? '');
}

function masked(value: unknown, key: string, depth: number): unknown {
  if (typeof value === 'string') return maskText(short(value)).toWellFormed().replaceAll('\0', '␀');
  if (typeof value === 'number') return Math.abs(value) >= 1e9 ? maskNumber(value, key) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => masked(item, key, depth + 1));
  const out: Record<string, unknown> = Object.create(null);
  const isGoods = GOODS_KEYS.some((goods) => goods in value);
  let count = 0;
  for (const name in value) {
    count += 1;
    if (count > MAX_ITEMS) break;
    const shown = maskText(short(name)).toWellFormed().replaceAll('\0', '␀');
    const personal = PERSONAL_KEY.test(name) || (name === 'name' && !isGoods && key === 'traits');
    out[shown] = personal ? '[masked]' : masked((value as Record<string, unknown>)[name], name, depth + 1);
  }
  return out;
}

/** Times in ms are as long as phone numbers: what its key calls a time is shown. */
function maskNumber(value: number, key: string): number | string {
  return /time|At$|Ms$/.test(key) ? value : '[number]';
}

/** A body that could not be parsed: the values behind personal keys go as well as they can be told. */
function maskRaw(text: string): string {
  const named = text
    .slice(0, MAX_SAMPLE_LENGTH * 2)
    .replaceAll(/"([^"\\]{1,40})"\s*:\s*"(?:[^"\\]|\\.)*"?/g, (whole, key: string) =>
      PERSONAL_KEY.test(key) ? `"${key}":"[masked]"` : whole,
    );
  return bounded(maskText(named).toWellFormed().replaceAll('\0', '␀'));
}

function short(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}

function bounded(text: string): string {
  return text.length > MAX_SAMPLE_LENGTH ? `${text.slice(0, MAX_SAMPLE_LENGTH - 1)}…`.toWellFormed() : text;
}
