import { parseJsonText } from './json-text';

/** Headers seen before: programs send the same one with every request. */
const seen = new Map<string, string | null>();
const MAX_SEEN = 1_000;

/** The write key of an `Authorization` header: Basic with the key as user, or Bearer. Null when there is none. */
export function writeKeyOfHeader(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  const known = seen.get(authorization);
  if (known !== undefined) return known;
  const key = parse(authorization);
  if (seen.size >= MAX_SEEN) seen.clear();
  if (authorization.length <= 512) seen.set(authorization, key);
  return key;
}

function parse(authorization: string): string | null {
  const [scheme = '', value = ''] = authorization.split(/ +/, 2);
  if (/^bearer$/i.test(scheme)) return value === '' ? null : value;
  if (!/^basic$/i.test(scheme)) return null;
  const [user = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 1);
  return user === '' ? null : user;
}

/**
 * The write key in a body, where the browser's client puts it: beside the batch, or in the call. Looked for only when no
 * header brought one. Null when there is none, or when the body is not JSON.
 * @param unreadable the body was refused as a whole: a key that stands in it in plain sight still tells whose it is
 */
export function writeKeyInside(text: string, unreadable: boolean): string | null {
  if (unreadable) return /"writeKey"\s*:\s*"([^"\\]{1,64})"/.exec(text)?.[1] ?? null;
  const body = fieldsOf(parsed(text));
  const [first] = Array.isArray(body.batch) ? body.batch : [];
  return keyOf(body) ?? keyOf(fieldsOf(first));
}

function parsed(text: string): unknown {
  try {
    return parseJsonText(text);
  } catch {
    return null;
  }
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function keyOf({ writeKey }: Record<string, unknown>): string | null {
  return typeof writeKey === 'string' && writeKey !== '' ? writeKey : null;
}
