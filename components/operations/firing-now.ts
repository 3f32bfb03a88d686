import type { Tone } from '@/components/ui/status-badge';
import type { FiringView } from '@/server/alerts/threshold.schema';

/** What the strip says of alerts. */
export interface FiringNow {
  /** undefined: not read yet; null: it could not be read */
  count: number | null | undefined;
  worst: Tone;
  /** ms: when it was read; null: never */
  at: number | null;
  /** it could not be read again since */
  failed: boolean;
}

interface FiringsRead {
  data: readonly FiringView[] | undefined;
  isError: boolean;
  /** ms */
  dataUpdatedAt: number;
}

/** How many alerts fire and how bad, as far as it is known. */
export function firingNow({ data, isError, dataUpdatedAt }: FiringsRead): FiringNow {
  if (!data) return { count: isError ? null : undefined, worst: 'neutral', at: null, failed: isError };
  const open = data.filter((firing) => firing.endedAt === null);
  const worst = open.some((firing) => firing.severity === 'critical') ? 'bad' : 'warn';
  return { count: open.length, worst, at: dataUpdatedAt, failed: isError };
}
