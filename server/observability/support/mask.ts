import { CUT, cutAddresses, PERSONAL_FIELDS } from '@/server/platform/personal-text';

/** Shorter ones would be found in ordinary words. */
const LEAST_SECRET = 6;
const MOST_DEPTH = 5;

const KEY = /\b(?:mw|mk)_[\w-]{3,}/g;
const CREDENTIALS = /:\/\/[^\s/]*@/g;
const HEADER = /\b(Bearer|Basic)\s+[\w+/=.~-]+/gi;
const WEB_TOKEN = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const IPV4 = /(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\.\d)/g;
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:[0-9a-f]{1,4}|(?:\d{1,3}\.){3}\d{1,3})(?![\w:])/gi;
const OWN_ADDRESS = /^(127(\.\d+){3}|0\.0\.0\.0|::1|::ffff:127(\.\d+){3})$/i;
const CLOCK = /^\d{1,2}(:\d{2}){1,2}$/;
/** Base64 of anything has both cases and digits once it is long; ids of ours have one case, names no digits. */
const LONG_WORD = /[\w+-]{24,}={0,2}/g;
const ENCODED = [/[a-z]/, /[A-Z]/, /\d/];
const HEX = /\b(?=[0-9a-f]*\d)[0-9a-f]{32,}\b/gi;

/**
 * What holds for every text of the bundle: none of the secrets that are known here, plain or encoded; no key of ours,
 * e-mail address, token, password within an address, or IP address but the machine's own.
 */
export class Mask {
  readonly #secrets: readonly string[];

  /** @param secrets as they are kept; too short ones are passed over */
  constructor(secrets: Iterable<string>) {
    const forms = [...secrets].filter((secret) => secret.length >= LEAST_SECRET).flatMap(formsOf);
    // The longest first: one may begin as another.
    this.#secrets = [...new Set(forms)].sort((a, b) => b.length - a.length);
  }

  /** A text without what may stand in none. */
  sweep(text: string): string {
    let swept = text;
    for (const secret of this.#secrets) swept = swept.replaceAll(secret, CUT);
    swept = swept
      .replaceAll(CREDENTIALS, '://')
      .replaceAll(HEADER, `$1 ${CUT}`)
      .replaceAll(WEB_TOKEN, CUT)
      .replaceAll(KEY, CUT)
      .replaceAll(LONG_WORD, longOrCut)
      .replaceAll(HEX, CUT)
      .replaceAll(IPV4, ownOrCut)
      .replaceAll(IPV6, ownOrCut);
    return cutAddresses(swept);
  }

  /**
   * Words people or programs wrote freely, such as the message of an error: also without what is quoted, and without
   * every word with a digit that is none of the machine's own (a small number, a duration, a time, a version, a place in
   * a source file). A customer's key that is an ordinary word and is not quoted is not found.
   */
  words(text: string): string {
    return this.sweep(text).replaceAll(QUOTED, quotedOrCut).replaceAll(WORD, wordOrCut);
  }

  /** A line of a log, of ours or of a database. */
  logLine(line: string): string {
    return line.startsWith('{') ? this.#structured(line) : this.#plain(line);
  }

  #structured(line: string): string {
    try {
      return this.sweep(JSON.stringify(this.#fields(JSON.parse(line), 0)));
    } catch {
      return this.#plain(line);
    }
  }

  #fields(value: unknown, depth: number): unknown {
    if (depth > MOST_DEPTH) return CUT;
    if (Array.isArray(value)) return value.map((one) => this.#fields(one, depth + 1));
    if (typeof value === 'string') return this.words(value);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, held]) => {
        if (PERSONAL_FIELDS.includes(name)) return [name, CUT];
        return [name, AS_IT_IS.includes(name) ? held : this.#fields(held, depth + 1)];
      }),
    );
  }

  /** Databases quote rows in what follows an error: those lines are cut whole. */
  #plain(line: string): string {
    const quoting = /^(.*?\b(?:DETAIL|STATEMENT|QUERY|CONTEXT|parameters)\b\s*:)/.exec(line)?.[1];
    if (quoting !== undefined) return `${this.words(quoting)} ${CUT}`;
    return line.startsWith('\t') ? `\t${CUT}` : this.words(line);
  }
}

/** Fields of a log line that our own code fills with constants and times. */
const AS_IT_IS = ['level', 'time', 'process', 'code'];

/** As kept, as in an address, and as in a header of basic auth; encoded ones as far as they are the same whatever follows. */
function formsOf(secret: string): string[] {
  const encoded = Buffer.from(secret).toString('base64');
  const steady = encoded.slice(0, Math.floor(Buffer.byteLength(secret) / 3) * 4);
  return [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), steady].filter(
    (form) => form.length >= LEAST_SECRET,
  );
}

function longOrCut(word: string): string {
  return ENCODED.every((kind) => kind.test(word)) ? CUT : word;
}

function ownOrCut(found: string): string {
  return OWN_ADDRESS.test(found) || CLOCK.test(found) ? found : CUT;
}

const QUOTED = /"[^"\n]*"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”/g;
/** Names of tables, columns and methods are told by their underscores and dots. */
const QUOTED_NAME = /^.[a-z]+([_.][a-z]+)+.$/i;
const quotedOrCut = (quoted: string): string =>
  QUOTED_NAME.test(quoted) ? quoted : `${quoted[0]}${CUT}${quoted.at(-1)}`;

const WORD = /[^\s"'`<>()[\]{},;=|“”]+/g;
const TECHNICAL = [
  /^#?\d{1,4}[.:]?$/,
  /^\d+(\.\d+)?(ms|s|m|min|h|kB|KB|MB|GB|MiB|B|%|x)\.?$/,
  /^v?\d+\.\d+(\.\d+)?\.?$/,
  /^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?$/,
  /^\d{1,2}:\d\d(:\d\d(\.\d+)?)?$/,
  /^(127(\.\d+){3}|localhost|::1)(:\d{1,5})?\.?$/,
  /^(file:\/\/)?[\w@./+-]*\.[cm]?[jt]sx?(:\d+){0,2}$/,
  /^node:[\w/]+(:\d+){0,2}$/,
  /^\d+:[A-Z]$/,
  /^P\d{4}$/,
];
const wordOrCut = (word: string): string =>
  !/\d/.test(word) || TECHNICAL.some((pattern) => pattern.test(word)) ? word : CUT;
