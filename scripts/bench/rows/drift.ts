import { median } from './cost-ratio';

/** How far the last third of a course lies from its first, as a share of the first; 0 of fewer than three values. */
export function drift(values: readonly number[]): number {
  const third = Math.floor(values.length / 3);
  if (third === 0) return 0;
  const first = median(values.slice(0, third));
  return (median(values.slice(-third)) - first) / first;
}
