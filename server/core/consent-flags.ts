/** The purpose whose denial denies all others. */
const EVERYTHING = 'profiling';

/**
 * Reads the flags of one customer as the store keeps them. Flags that cannot be read deny everything, the safe side, and
 * are older than any others, so that they are mended.
 */
export function readConsentFlags(text: string): { denied: string[]; v: number } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'denied' in value && Array.isArray(value.denied)) {
      const v = 'v' in value && typeof value.v === 'number' ? value.v : 0;
      return { denied: value.denied.filter((item) => typeof item === 'string'), v };
    }
  } catch {
    // The safe side is below.
  }
  return { denied: [EVERYTHING], v: 0 };
}
