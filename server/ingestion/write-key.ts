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
  const [scheme = '', value = ''] = authorization.split(' ', 2);
  if (/^bearer$/i.test(scheme)) return value === '' ? null : value;
  if (!/^basic$/i.test(scheme)) return null;
  const [user = ''] = Buffer.from(value, 'base64').toString('utf8').split(':', 1);
  return user === '' ? null : user;
}

/** The write key in a body, where the browser's client puts it: beside the batch, or in the call. */
export function writeKeyOfBody(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { writeKey, batch } = body as Record<string, unknown>;
  if (typeof writeKey === 'string' && writeKey !== '') return writeKey;
  const first: unknown = Array.isArray(batch) ? batch[0] : undefined;
  return first === undefined ? null : writeKeyOfBody(first);
}
