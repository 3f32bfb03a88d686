'use client';
import { formatDuration, formatNumber, formatPercent, formatWhole } from '@/components/ui/format';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import { LATENESS_EDGES_MS, type LateSummary } from '@/server/history/late-view.schema';
import styles from './late-page.module.css';

interface HistogramProps {
  summary: LateSummary | undefined;
  /** ms: the filter that stands */
  least: number;
  onPick: (leastMs: number) => void;
}

const HIGHEST_PX = 120;

/** How late the late ones were. A column chooses all at least so late. */
export function LatenessHistogram({ summary, least, onPick }: HistogramProps) {
  if (!summary) return <SkeletonLines lines={7} />;
  if (summary.total === 0 && least === 0) {
    return (
      <EmptyState title="Nothing was late" icon="clock" compact>
        Choose a longer range, or see what an event must be to be late: press H for help.
      </EmptyState>
    );
  }
  const most = Math.max(1, ...summary.histogram);
  return (
    <>
      <ol className={styles.columns}>
        {summary.histogram.map((count, bucket) => {
          const from = bucket === 0 ? 0 : (LATENESS_EDGES_MS[bucket - 1] ?? 0);
          const words = rangeWords(bucket);
          return (
            <li key={words} className={styles.column}>
              <button
                type="button"
                className={styles.bar}
                aria-pressed={least > 0 && from === least}
                aria-label={`${words}: ${formatWhole(count)} late events; show those at least so late`}
                title={`${words}: ${formatWhole(count)}`}
                onClick={() => onPick(from)}
              >
                <span className={styles.count}>{count > 0 ? formatNumber(count) : ''}</span>
                <span
                  className={styles.fill}
                  style={{ height: count === 0 ? 1 : 3 + (count / most) * HIGHEST_PX }}
                />
              </button>
              <span className={styles.tick} aria-hidden="true">
                {bucket === 0 ? '0' : shortDuration(from)}
              </span>
            </li>
          );
        })}
      </ol>
      <p className={styles.words}>{inWords(summary)}</p>
    </>
  );
}

function rangeWords(bucket: number): string {
  const from = bucket === 0 ? 0 : (LATENESS_EDGES_MS[bucket - 1] ?? 0);
  const to = LATENESS_EDGES_MS[bucket];
  return to === undefined
    ? `over ${formatDuration(from)}`
    : `${formatDuration(from)} to ${formatDuration(to)}`;
}

const shortDuration = (ms: number) => formatDuration(ms).replace(' ', '\u202f');

/** The usual lateness, and what a longer allowance would have let in. */
function inWords({ medianMs, greatestMs, histogram, total, allowedMs }: LateSummary): string {
  if (medianMs === null || greatestMs === null) return 'Nothing at least so late in this range.';
  const base = `Half were at most ${formatDuration(medianMs)} late, the latest ${formatDuration(greatestMs)}.`;
  const taken = (edge: number) => histogram.slice(0, edge + 1).reduce((sum, count) => sum + count, 0) / total;
  // The first allowance that would have reached half of them.
  const wanted = LATENESS_EDGES_MS.findIndex((edge, index) => edge > allowedMs && taken(index) >= 0.5);
  const edge = LATENESS_EDGES_MS[wanted];
  if (edge === undefined) return base;
  return `${base} An allowance of ${formatDuration(edge)} instead of ${formatDuration(allowedMs)} would have taken ${formatPercent(taken(wanted))} % of them in time.`;
}
