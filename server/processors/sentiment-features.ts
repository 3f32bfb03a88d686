/**
 * One thing a turn says, to be weighed: a word, a mark or an emoji. `key` is what the weight is kept under, `word` what was
 * written; within reach of a negation the key begins with `NEGATED`.
 */
export interface SentimentFeature {
  key: string;
  word: string;
}

/** Begins the key of a word that a negation reaches: "not good" is no "good". */
export const NEGATED = '~';
/** Words after a negation that it reaches, unless a mark or a "but" ends it before. */
const REACH = 3;

/** What data sets and maskers put for a name or number, addresses, numbers, emoticons, emoji, words, marks. No part can be read in two ways. */
const TOKEN =
  /#[A-Z_]+#|https?:\/\/\S+|[:;=]-?[()dDpP]|<3|\p{Extended_Pictographic}|\p{L}+(?:['’]\p{L}+)*|\p{N}+|[!?]+/gu;
const WORD = /^\p{L}/u;
const SILENT = /^(?:#[A-Z_]+#|https?:|\p{N})/u;
const NEGATION =
  /^(?:not|no|never|nothing|none|cannot|cant|dont|nor|neither|without|nobody|(?:do|does|did|is|are|was|were|wo|would|could|should|ca|has|have|had|ai)n't)$/;

/** What of a text can carry its mood, each once. Linear in the text's length. */
export function sentimentFeatures(text: string): SentimentFeature[] {
  const found = new Map<string, string>();
  let reach = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (SILENT.test(token)) continue;
    const isWord = WORD.test(token);
    const plain = isWord ? token.toLowerCase().replaceAll('’', "'") : markOf(token);
    if (NEGATION.test(plain)) {
      reach = REACH;
      found.set(plain, token);
      continue;
    }
    if (!isWord || plain === 'but' || plain === 'however') reach = 0;
    found.set(reach > 0 ? NEGATED + plain : plain, token);
    if (reach > 0) reach -= 1;
  }
  return Array.from(found, ([key, word]) => ({ key, word }));
}

/** However often it is repeated, a mark is one; a question asked loudly is loud. */
function markOf(token: string): string {
  if (/^[!?]/.test(token)) return token.includes('!') ? '!' : '?';
  return token;
}
