/** Plain words for why an event was refused. */
const WORDS: Readonly<Record<string, string>> = {
  malformed: 'cannot be read',
  invalid: 'a field is wrong',
  too_large: 'too large',
  too_complex: 'too deep or too many keys',
  unsafe_text: 'text no store can hold',
  unsafe_key: 'key that is not allowed',
  future: 'from the future',
  processor: 'could not be processed',
};

export function reasonWords(reason: string): string {
  return WORDS[reason] ?? reason;
}

export const REASONS = Object.keys(WORDS);
