import { BitText, UndecodableSignal } from './bit-text';

const HEADER_TYPE = 3;
const HEADER_VERSION = 1;
/** More sections than there are registered. */
const MOST_SECTIONS = 64;

/** Texts of the sections by their ids; null of a version other than 1. */
export type GppSections = ReadonlyMap<number, string>;

/**
 * Takes a GPP string apart (IAB Tech Lab, "Global Privacy Platform String" 1.0): a header that lists the ids of the
 * sections as ranges in Fibonacci coding, then the sections in that order.
 * @throws UndecodableSignal
 */
export function readGppString(text: string): GppSections | null {
  const [header = '', ...sections] = text.split('~', MOST_SECTIONS + 1);
  const bits = new BitText(header);
  if (bits.int(6) !== HEADER_TYPE) throw new UndecodableSignal('It has no GPP header.');
  if (bits.int(6) !== HEADER_VERSION) return null;
  const ids = sectionIds(bits);
  if (ids.length !== sections.length) throw new UndecodableSignal('It lacks sections that its header names.');
  return new Map(ids.map((id, at) => [id, sections[at] as string]));
}

/** Each item is one id or a range of them, told by its distance from the id before. */
function sectionIds(bits: BitText): number[] {
  const ids: number[] = [];
  const items = bits.int(12);
  for (let item = 0, last = 0; item < items; item += 1) {
    const isRange = bits.int(1) === 1;
    const first = last + bits.fibonacci();
    last = isRange ? first + bits.fibonacci() : first;
    if (ids.length + last - first >= MOST_SECTIONS) throw new UndecodableSignal('It has too many sections.');
    for (let id = first; id <= last; id += 1) ids.push(id);
  }
  return ids;
}

/** What a section says of a field: 1 opted out, 2 did not, 0 does not apply. */
type OptOuts = Readonly<Record<string, number>>;

interface UsSection {
  versions: readonly number[];
  /** bit at which the first opt-out of the core segment stands, and the names of those that follow one another */
  from: number;
  fields: readonly string[];
}

/** Versions 1 and 2 differ behind these fields only. */
const US_NATIONAL: UsSection = {
  versions: [1, 2],
  from: 18,
  fields: ['SaleOptOut', 'SharingOptOut', 'TargetedAdvertisingOptOut'],
};
const US_CALIFORNIA: UsSection = { versions: [1], from: 12, fields: ['SaleOptOut', 'SharingOptOut'] };
const GPC_SUBSECTION = 1;

/** Opt-outs of a section of US National (7). Null of a version that is not known. @throws UndecodableSignal */
export const readUsNational = (text: string): OptOuts | null => readUsSection(text, US_NATIONAL);
/** Opt-outs of a section of California (8). Null of a version that is not known. @throws UndecodableSignal */
export const readUsCalifornia = (text: string): OptOuts | null => readUsSection(text, US_CALIFORNIA);

function readUsSection(text: string, { versions, from, fields }: UsSection): OptOuts | null {
  const [core = '', ...subsections] = text.split('.', 4);
  if (!versions.includes(new BitText(core).int(6))) return null;
  const bits = new BitText(core, from);
  const optOuts: Record<string, number> = {};
  for (const field of fields) optOuts[field] = optOutOf(bits.int(2));
  optOuts.Gpc = subsections.some(saysGpc) ? 1 : 0;
  return optOuts;
}

function optOutOf(value: number): number {
  if (value === 3) throw new UndecodableSignal('A field has a value that its specification does not.');
  return value;
}

function saysGpc(subsection: string): boolean {
  const bits = new BitText(subsection);
  return bits.int(2) === GPC_SUBSECTION && bits.int(1) === 1;
}

const US_PRIVACY = /^(\d)[YN-]([YN-])[YN-]$/i;
const OPT_OUT_OF: Readonly<Record<string, number>> = { Y: 1, N: 2, '-': 0 };

/** Opt-out of a section of US Privacy (6), four plain characters. Null of a version other than 1. @throws UndecodableSignal */
export function readUsPrivacy(text: string): OptOuts | null {
  const [, version, sale = ''] = US_PRIVACY.exec(text) ?? [];
  if (version === undefined) throw new UndecodableSignal('It is no US Privacy string.');
  return version === '1' ? { OptOutSale: OPT_OUT_OF[sale.toUpperCase()] ?? 0 } : null;
}
