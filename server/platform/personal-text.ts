/** What stands where something was left out. */
export const CUT = '[cut]';

/** Names of fields that may hold somebody's data or a secret. */
export const PERSONAL_FIELDS = [
  'address',
  'anonymousId',
  'authorization',
  'body',
  'cookie',
  'customer',
  'email',
  'firstName',
  'ip',
  'lastName',
  'name',
  'password',
  'phone',
  'properties',
  'text',
  'token',
  'traits',
  'userId',
  'writeKey',
  'apiKey',
];

/** Tried where a word begins only: else a long word would be gone through once for each of its letters. */
const ADDRESS = /(?<![^\s@"'<>(),:;=])[^\s@"'<>(),:;=]+@[^\s@"'<>(),:;]+\.[^\s@"'<>(),:;]+/g;

/** A text without the e-mail addresses in it. */
export function cutAddresses(text: string): string {
  return text.replaceAll(ADDRESS, CUT);
}
