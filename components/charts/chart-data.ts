import type { SparkPoint } from '@/components/ui/sparkline';

export type SeriesTone = 'accent' | 'second' | 'amber' | 'red' | 'green';

export interface ChartSeries {
  label: string;
  unit: string;
  points: readonly SparkPoint[];
  tone: SeriesTone;
  dashed?: boolean;
}

export interface ChartThreshold {
  value: number;
  label: string;
  tone: 'amber' | 'red';
  dashed?: boolean;
}

export interface ChartMark {
  /** ms */
  at: number;
  label: string;
}

export interface ChartSpan {
  /** ms */
  from: number;
  to: number;
  tone: 'amber' | 'red';
}

/** Values of all series over one axis of seconds. Absent is undefined; a gap is null and is not bridged. */
export type AlignedData = [number[], ...(number | null | undefined)[][]];

export function alignSeries(series: readonly ChartSeries[]): AlignedData {
  const times = new Set<number>();
  for (const { points } of series) for (const { at } of points) times.add(at);
  const axis = [...times].sort((a, b) => a - b);
  const place = new Map(axis.map((at, index) => [at, index]));
  const rows = series.map(({ points }) => {
    const row: (number | null | undefined)[] = Array.from({ length: axis.length });
    for (const { at, value } of points) row[place.get(at) ?? 0] = value;
    return row;
  });
  return [axis.map((at) => at / 1_000), ...rows];
}

/** The top of an axis that begins at zero, with room for thresholds and band. */
export function axisTop(values: readonly (number | null | undefined)[], extra: readonly number[]): number {
  let top = 0;
  for (const value of values) if (typeof value === 'number' && value > top) top = value;
  for (const value of extra) if (value > top) top = value;
  return top > 0 ? top * 1.12 : 1;
}
