import type { Tone } from '@/components/ui/status-badge';
import type { DpiaStatus } from '@/server/privacy/dpia.schema';

export const STATUS: Record<DpiaStatus, { tone: Tone; word: string }> = {
  draft: { tone: 'neutral', word: 'draft' },
  inReview: { tone: 'accent', word: 'in review' },
  signed: { tone: 'good', word: 'signed' },
  rejected: { tone: 'bad', word: 'rejected' },
  reopened: { tone: 'warn', word: 'open again' },
};
