import type { Purpose } from '../purpose.schema';

/** Kinds of signals, each an instrument of its own: what one denied, only the same can take back. */
export const SIGNAL_KINDS = ['gpc', 'usnat', 'usca', 'usp', 'tcf', 'segment'] as const;
export type SignalKind = (typeof SIGNAL_KINDS)[number];

export const SIGNAL_WORDS: Record<SignalKind, { title: string; from: string }> = {
  gpc: {
    title: 'Global Privacy Control',
    from: 'header Sec-GPC: 1, context.gpc or context.consent.gpc',
  },
  usnat: { title: 'IAB GPP, US national', from: 'section 7 of context.consent.gpp' },
  usca: { title: 'IAB GPP, California', from: 'section 8 of context.consent.gpp' },
  usp: { title: 'IAB GPP, US Privacy', from: 'section 6 of context.consent.gpp' },
  tcf: { title: 'IAB TCF v2', from: 'context.consent.tcf, or section 2 of context.consent.gpp' },
  segment: { title: 'Segment consent categories', from: 'context.consent.categoryPreferences' },
};

/** What became of a signal: `ignored` are versions and sections we do not know, and those that say nothing. */
export const SIGNAL_OUTCOMES = ['denies', 'allows', 'ignored', 'undecodable'] as const;
export type SignalOutcome = (typeof SIGNAL_OUTCOMES)[number];

export interface SignalField {
  kind: SignalKind;
  /** as the instrument's specification numbers or names it; categories of Segment in lower case */
  field: string;
  /** what a person refuses by it */
  refuses: string;
  denies: readonly Purpose[];
  /** TCF: a legitimate interest that was not objected to is as good as consent */
  interestWillDo?: true;
}

/**
 * Which field of which signal denies which of our purposes: the whole meaning of signals. A field that is not here says
 * nothing to us. None denies profiling: that is a wish of its own, which a person tells us.
 */
export const SIGNAL_MAPPING: readonly SignalField[] = [
  { kind: 'gpc', field: 'gpc', refuses: 'sale and sharing', denies: ['marketing'] },
  { kind: 'usnat', field: 'SaleOptOut', refuses: 'sale', denies: ['marketing'] },
  { kind: 'usnat', field: 'SharingOptOut', refuses: 'sharing', denies: ['marketing'] },
  {
    kind: 'usnat',
    field: 'TargetedAdvertisingOptOut',
    refuses: 'targeted advertising',
    denies: ['marketing'],
  },
  { kind: 'usnat', field: 'Gpc', refuses: 'by Global Privacy Control', denies: ['marketing'] },
  { kind: 'usca', field: 'SaleOptOut', refuses: 'sale', denies: ['marketing'] },
  { kind: 'usca', field: 'SharingOptOut', refuses: 'sharing', denies: ['marketing'] },
  { kind: 'usca', field: 'Gpc', refuses: 'by Global Privacy Control', denies: ['marketing'] },
  { kind: 'usp', field: 'OptOutSale', refuses: 'sale', denies: ['marketing'] },
  {
    kind: 'tcf',
    field: '2',
    refuses: '2. limited data to select advertising',
    denies: ['marketing'],
    interestWillDo: true,
  },
  { kind: 'tcf', field: '3', refuses: '3. profiles for personalised advertising', denies: ['marketing'] },
  { kind: 'tcf', field: '4', refuses: '4. profiles to select advertising', denies: ['marketing'] },
  { kind: 'tcf', field: '5', refuses: '5. profiles to personalise content', denies: ['personalisation'] },
  { kind: 'tcf', field: '6', refuses: '6. profiles to select content', denies: ['personalisation'] },
  { kind: 'segment', field: 'advertising', refuses: 'advertising', denies: ['marketing'] },
  { kind: 'segment', field: 'marketing', refuses: 'marketing', denies: ['marketing'] },
  { kind: 'segment', field: 'targeting', refuses: 'targeting', denies: ['marketing'] },
  { kind: 'segment', field: 'datasharing', refuses: 'sharing', denies: ['marketing'] },
  { kind: 'segment', field: 'c0004', refuses: 'targeting (OneTrust)', denies: ['marketing'] },
  { kind: 'segment', field: 'personalization', refuses: 'personalisation', denies: ['personalisation'] },
  { kind: 'segment', field: 'personalisation', refuses: 'personalisation', denies: ['personalisation'] },
];

/** The fields of a kind that mean something to us. */
export function fieldsOf(kind: SignalKind): readonly SignalField[] {
  return SIGNAL_MAPPING.filter((field) => field.kind === kind);
}

/** How an instrument is called where what it denied is told. */
export function signalTitle(kind: string): string {
  return kind in SIGNAL_WORDS ? SIGNAL_WORDS[kind as SignalKind].title : kind;
}
