import { formatFixed } from '@/components/ui/format';

/** The promise: an opt-out takes effect within this. */
export const PROMISE_MS = 100;

/** Time to effect, with milliseconds below a second. */
export function effectWords(ms: number): string {
  return ms < 1_000 ? `${Math.max(1, Math.round(ms))} ms` : `${formatFixed(ms / 1_000, 1)} s`;
}
