import { StatusBadge } from '@/components/ui/status-badge';
import { effectWords, PROMISE_MS } from './effect-words';

/** Time from a request to its acknowledgement, against the promise. */
export function Effect({ ms }: { ms: number | null }) {
  if (ms === null) return <StatusBadge tone="bad">not in force</StatusBadge>;
  return <StatusBadge tone={ms <= PROMISE_MS ? 'good' : 'warn'}>{effectWords(ms)}</StatusBadge>;
}
