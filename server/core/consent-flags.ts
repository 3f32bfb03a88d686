/** The purpose whose denial denies all others. */
const EVERYTHING = 'profiling';

/** What a customer denies, as the stream reads it. */
export interface ConsentFlags {
  denied: string[];
  /** version of the consent of record */
  v: number;
  /** when the person allowed a purpose again, ms: signals up to then deny it no longer (ADR 40) */
  w?: Readonly<Record<string, number>>;
}

/**
 * Reads the flags of one customer as the store keeps them. Flags that cannot be read deny everything, the safe side, and
 * are older than any others, so that they are mended.
 */
export function readConsentFlags(text: string): ConsentFlags {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'denied' in value && Array.isArray(value.denied)) {
      const v = 'v' in value && typeof value.v === 'number' ? value.v : 0;
      const flags = { denied: value.denied.filter((item) => typeof item === 'string'), v };
      return 'w' in value ? { ...flags, w: timesOf(value.w) } : flags;
    }
  } catch {
    // The safe side is below.
  }
  return { denied: [EVERYTHING], v: 0 };
}

/** What is no time is left out: nothing was allowed then. */
function timesOf(value: unknown): Record<string, number> {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}
