import { BitText } from './bit-text';

/** Purposes that the TCF names; of the 24 bits for them the others are reserved. */
const PURPOSES = 11;
const VERSION_BITS = 6;
/** Bits of the core segment before the consents: created, updated, CMP, language, vendor list, policy, flags, features. */
const CONSENTS_AT = 152;
const INTERESTS_AT = 176;

/** What a TC string says of purposes; null of a version other than 2. */
export interface TcString {
  /** numbers of the purposes that were consented to */
  consents: ReadonlySet<number>;
  /** numbers of those whose legitimate interest was shown and not objected to */
  interests: ReadonlySet<number>;
}

/**
 * Reads the core segment of a TC string (IAB Europe, "Consent string and vendor list formats v2"); versions 2.0 to 2.3 of
 * the framework share it. Other segments, vendors and publisher restrictions say nothing to us.
 * @throws UndecodableSignal
 */
export function readTcString(text: string): TcString | null {
  const [core = ''] = text.split('.', 1);
  if (new BitText(core).int(VERSION_BITS) !== 2) return null;
  return { consents: purposesAt(core, CONSENTS_AT), interests: purposesAt(core, INTERESTS_AT) };
}

function purposesAt(core: string, from: number): Set<number> {
  const bits = new BitText(core, from);
  const found = new Set<number>();
  for (let purpose = 1; purpose <= PURPOSES; purpose += 1) if (bits.int(1) === 1) found.add(purpose);
  return found;
}
