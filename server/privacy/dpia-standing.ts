import type { DpiaStatus } from './dpia.schema';

/** The few facts that tell whether a use case may run under an assessment. */
export interface SignedRecord {
  status: DpiaStatus | string;
  version: number;
  validUntil: Date | null;
  signatures: readonly { version: number; verdict: string }[];
}

/** Why an assessment does not carry processing now, in words; null when it does. */
export function dpiaObstacle(dpia: SignedRecord | null, now: number): string | null {
  if (dpia === null) return 'No DPIA is linked';
  if (dpia.status !== 'signed') return `The DPIA is not signed (${STATUS_WORDS[dpia.status] ?? dpia.status})`;
  const signed = dpia.signatures.some(
    ({ version, verdict }) => version === dpia.version && verdict === 'approved',
  );
  if (!signed) return 'The DPIA was changed after it was signed';
  if (dpia.validUntil !== null && dpia.validUntil.getTime() <= now) return 'The DPIA has expired';
  return null;
}

export const STATUS_WORDS: Record<string, string> = {
  draft: 'draft',
  inReview: 'in review',
  signed: 'signed',
  rejected: 'rejected',
  reopened: 'reopened',
};
