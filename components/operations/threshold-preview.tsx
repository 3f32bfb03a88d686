'use client';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { LiveChart } from '@/components/charts/live-chart';
import { ConsequencePreview } from '@/components/ui/consequence-preview';
import { formatDuration, formatLast, formatNumber } from '@/components/ui/format';
import type { TimeRange } from '@/components/ui/time-range';
import { wordsOf } from '@/components/ui/toast';
import type { Condition, ThresholdView } from '@/server/alerts/threshold.schema';
import { metricByKey } from '@/server/observability/metric-catalogue';
import styles from './threshold-preview.module.css';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const MINUTE_MS = 60_000;

interface ThresholdPreviewProps {
  /** null: not readable yet */
  condition: Condition | null;
  /** the threshold as it stands, for the comparison */
  saved: ThresholdView | null;
  range: TimeRange;
}

/** What a condition would have done over the page's range, or a day where that is longer; drawn before it is saved. */
export function ThresholdPreview({ condition, saved, range }: ThresholdPreviewProps) {
  const trpc = useTRPC();
  const [settled] = useDebouncedValue(condition, 250);
  const to = Math.floor(range.to / MINUTE_MS) * MINUTE_MS;
  const from = to - Math.min(WEEK_MS, Math.max(DAY_MS, Math.ceil(range.spanMs / MINUTE_MS) * MINUTE_MS));
  const asked = settled ?? FALLBACK;
  const enabled = settled !== null && to > 0;
  const options = { placeholderData: keepPreviousData, staleTime: 30_000, enabled };
  const preview = useQuery(trpc.alerts.preview.queryOptions({ condition: asked, from, to }, options));
  const before = useQuery(
    trpc.alerts.preview.queryOptions(
      { condition: saved ? conditionOf(saved) : asked, from, to },
      { ...options, enabled: enabled && saved !== null },
    ),
  );
  const history = useQuery(
    trpc.operations.history.queryOptions(
      { metrics: [asked.metric], dimension: asked.dimension, from, to, points: 2_000 },
      options,
    ),
  );
  const definition = metricByKey(asked.metric);
  const points = history.data?.series[0]?.points ?? [];
  const start = points[0]?.at ?? from;
  return (
    <ConsequencePreview
      loading={preview.isFetching}
      error={preview.isError ? wordsOf(preview.error) : null}
      window={formatLast(to - from)}
      summary={
        condition === null
          ? 'Complete the condition to see what it would have done.'
          : preview.data && summaryOf(preview.data, before.data, saved, to)
      }
    >
      {points.length > 0 && (
        <div className={styles.chart}>
          <LiveChart
            label={definition?.title ?? asked.metric}
            series={[{ label: '', unit: definition?.unit ?? '', points, tone: 'accent' }]}
            from={Math.max(from, start)}
            to={to}
            height={150}
            thresholds={[
              {
                value: asked.value,
                label: `${asked.comparison} ${formatNumber(asked.value)}`,
                tone: 'red',
                dashed: true,
              },
            ]}
            spans={(preview.data?.firings ?? []).map((firing) => ({
              from: firing.from,
              to: firing.to ?? to,
              tone: 'red',
            }))}
          />
        </div>
      )}
    </ConsequencePreview>
  );
}

const FALLBACK: Condition = {
  metric: 'lagSeconds',
  dimension: '',
  comparison: 'above',
  value: 0,
  holdSeconds: 0,
};

function conditionOf({ metric, dimension, comparison, value, holdSeconds }: ThresholdView): Condition {
  return { metric, dimension, comparison, value, holdSeconds };
}

interface Preview {
  firings: { from: number; to: number | null }[];
  samples: number;
}

function summaryOf(
  preview: Preview,
  before: Preview | undefined,
  saved: ThresholdView | null,
  now: number,
): string {
  if (preview.samples === 0) return 'There are no samples of this metric yet, so nothing can be said.';
  const { firings } = preview;
  const total = firings.reduce((sum, firing) => sum + ((firing.to ?? now) - firing.from), 0);
  const fired = firings.length === 0 ? 'Would not have fired' : `Would have fired ${times(firings.length)}`;
  const lasted = firings.length === 0 ? '' : `, ${formatDuration(total)} in all`;
  const still = firings.at(-1)?.to === null ? '; it would fire now' : '';
  const compared =
    saved && before
      ? `. As saved: ${before.firings.length === 0 ? 'never' : times(before.firings.length)}`
      : '';
  const covers =
    preview.samples < 360 ? ` (${formatDuration(preview.samples * 10_000)} of history so far)` : '';
  return `${fired}${lasted}${still}${compared}${covers}.`;
}

const times = (count: number) => (count === 1 ? 'once' : `${formatNumber(count)} times`);
