import styles from './sparkline.module.css';

export interface SparkPoint {
  at: number;
  /** null: not known at that time, drawn as a gap */
  value: number | null;
}

export interface SparkBand {
  low: number;
  high: number;
}

interface SparklineProps {
  points: readonly SparkPoint[];
  /** what is usual at this hour; drawn behind the line */
  band?: SparkBand | null;
  /** the value that the axis reaches at least: less than it is no course worth a picture of its own */
  reach?: number;
  width?: number;
  height?: number;
  /** the end of the time axis, so that a feed that stopped shows a gap at the right */
  from?: number;
  to?: number;
  label: string;
}

const PAD = 2;

/** The course of one figure, without axes. Gaps stay gaps: nothing is joined over what is not known. */
export function Sparkline({
  points,
  band,
  reach = 0,
  width = 120,
  height = 28,
  from,
  to,
  label,
}: SparklineProps) {
  const known = points.filter((point) => point.value !== null);
  const first = from ?? points[0]?.at ?? 0;
  const last = to ?? points.at(-1)?.at ?? 1;
  const values = known.map((point) => point.value as number);
  if (band) values.push(band.low, band.high);
  const low = Math.min(0, ...values);
  const high = Math.max(low + 1e-9, reach, ...values);
  const x = (at: number) => PAD + ((at - first) / Math.max(1, last - first)) * (width - 2 * PAD);
  const y = (value: number) => height - PAD - ((value - low) / (high - low)) * (height - 2 * PAD);
  const end = points.at(-1);
  return (
    <svg
      className={styles.spark}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      width={width}
      height={height}
      role="img"
      aria-label={known.length === 0 ? `${label}: nothing known yet` : label}
    >
      {band && (
        <rect
          x={0}
          width={width}
          y={y(band.high)}
          height={Math.max(1, y(band.low) - y(band.high))}
          className={styles.band}
        />
      )}
      <path d={linePath(points, x, y)} className={styles.line} />
      {end && end.value !== null && (
        <circle cx={x(end.at)} cy={y(end.value)} r={1.75} className={styles.end} />
      )}
    </svg>
  );
}

function linePath(
  points: readonly SparkPoint[],
  x: (at: number) => number,
  y: (v: number) => number,
): string {
  let path = '';
  let pen = 'M';
  for (const { at, value } of points) {
    if (value === null) {
      pen = 'M';
      continue;
    }
    path += `${pen}${x(at).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = 'L';
  }
  return path;
}
