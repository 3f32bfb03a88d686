const ERROR_LEVEL = 50;
const MOST_CHARACTERS = 300;

/** What a line of a process's log tells of an error, in a few words; null for every other line. */
export function errorOf(line: string): string | null {
  if (!line.startsWith('{"level":5') && !line.startsWith('{"level":6')) return null;
  try {
    const { level, msg, err } = JSON.parse(line);
    return level >= ERROR_LEVEL ? [msg, err?.message].filter(Boolean).join(': ') : null;
  } catch {
    return null;
  }
}

/**
 * Why a process ended, as far as its last lines tell: the newest error that it logged or threw, else the last plain line.
 * What it logged of its everyday work is no reason.
 */
export function lastWords(lines: readonly string[]): string {
  const plain = lines.filter((line) => line.trim() !== '' && !line.startsWith('{') && !/^\s/.test(line));
  const words =
    lines.map(errorOf).findLast((told) => told !== null) ??
    plain.findLast((line) => /^(?:Uncaught )?\w*Error\b/.test(line)) ??
    plain.at(-1) ??
    'it did not say why';
  return words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS)}…` : words;
}
