import { formatCount } from '@/components/ui/format';
import type { Tone } from '@/components/ui/status-badge';
import type { AuditState } from '@/server/privacy/audit.schema';

const WHY: Record<NonNullable<AuditState['broken']>['why'], string> = {
  missing: 'is missing',
  changed: 'was changed',
  unlinked: 'does not follow the one before',
  cutTail: 'and later ones were cut off',
};

export interface ChainWords {
  tone: Tone;
  badge: string;
  /** where the anchor stands; null: there is none */
  anchor: string | null;
  /** what the check could not prove, and what to do; null: it proved all it can */
  unproven: string | null;
}

const NO_ANCHOR =
  'Not proven: that no entry was cut from the end, and that the chain was not written anew. There is no anchor – the newest number and hash, kept in the log’s Redis – or it cannot be read. The next entry sets it, and from there on both are proven; if it is still missing after that, see that the log’s Redis answers.';

/** What a check of the audit's chain found, no more than it proved. */
export function chainWords({ verified, broken, anchoredSeq }: Omit<AuditState, 'checkedAt'>): ChainWords {
  const entries = formatCount(verified, 'entry', 'entries');
  const anchor = anchoredSeq === null ? null : `anchored at ${anchoredSeq}`;
  const unproven = anchoredSeq === null ? NO_ANCHOR : null;
  if (broken)
    return { tone: 'bad', badge: `Broken: entry ${broken.seq} ${WHY[broken.why]}`, anchor, unproven };
  if (unproven && verified === 0)
    return { tone: 'neutral', badge: 'No entry and no anchor', anchor, unproven };
  if (unproven)
    return { tone: 'warn', badge: `Chain holds, without an anchor: ${entries}`, anchor, unproven };
  return { tone: 'good', badge: `Chain holds: ${entries}`, anchor, unproven };
}
