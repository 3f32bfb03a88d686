import styles from './transcript.module.css';

/** A turn's text with the words that carried its sentiment underlined. */
export function TriggerWords({ text, words }: { text: string; words: readonly string[] }) {
  const parts = splitByWords(text, words);
  return parts.map(({ part, at, isTrigger }) =>
    isTrigger ? (
      <mark key={at} className={styles.trigger}>
        {part}
      </mark>
    ) : (
      <span key={at}>{part}</span>
    ),
  );
}

/** Cuts a text at whole words of a list, in any case. */
export function splitByWords(
  text: string,
  words: readonly string[],
): { part: string; at: number; isTrigger: boolean }[] {
  const wanted = new Set(words.map((word) => word.toLowerCase()));
  const parts: { part: string; at: number; isTrigger: boolean }[] = [];
  for (const found of text.matchAll(/[\p{L}\p{N}'’-]+|[^\p{L}\p{N}'’-]+/gu)) {
    const [part] = found;
    const isTrigger = wanted.has(part.toLowerCase());
    const last = parts.at(-1);
    if (last && !last.isTrigger && !isTrigger) last.part += part;
    else parts.push({ part, at: found.index, isTrigger });
  }
  return parts;
}
