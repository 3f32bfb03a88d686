'use client';
import { ActionIcon } from '@mantine/core';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import type { ChartMark, ChartSeries, ChartSpan, ChartThreshold } from '@/components/charts/chart-data';
import { LiveChart } from '@/components/charts/live-chart';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { formatNumber } from '@/components/ui/format';
import { Icon } from '@/components/ui/icon';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import type { TimeRange } from '@/components/ui/time-range';
import type { FiringView, ThresholdView } from '@/server/alerts/threshold.schema';
import type { ChangeMark } from '@/server/observability/change.repository';
import { type MetricKey, metricByKey } from '@/server/observability/metric-catalogue';
import type {
  CoursePoint,
  HistorySeries,
  OperationsSnapshot,
  UsualBand,
} from '@/server/observability/operations.schema';
import { useHistory } from './use-operations';

const CourseTable = dynamic(() => import('./course-table').then((module) => module.CourseTable), {
  ssr: false,
  loading: () => <SkeletonLines lines={9} />,
});

interface CourseChartProps {
  range: TimeRange;
  live: OperationsSnapshot | null;
  usual: Partial<Record<MetricKey, UsualBand>> | undefined;
  thresholds: readonly ThresholdView[];
  firings: readonly FiringView[];
  changes: readonly ChangeMark[];
}

const METRICS: MetricKey[] = ['abandonmentRate', 'cartsAbandoned', 'lagSeconds', 'errorsPerMinute'];
type Business = 'abandonmentRate' | 'cartsAbandoned';

/** The business figure over the system figures, on one time axis: does abandonment follow lag or errors? */
export function CourseChart(props: CourseChartProps) {
  const { range, usual, changes } = props;
  const [business, setBusiness] = useAddressParam('figure', 'abandonmentRate');
  const [asTable, setAsTable] = useState(false);
  const history = useHistory(range, METRICS);
  const upper: Business = business === 'cartsAbandoned' ? business : 'abandonmentRate';
  const series = (metric: MetricKey) => pointsOf(metric, history.data?.series, props.live, range);
  const marks = changes.map((change): ChartMark => ({ at: change.at, label: change.action }));
  const to = range.live ? Math.max(range.to, props.live?.computedAt ?? 0) : range.to;
  const shared = { from: to - range.spanMs, to, marks, syncKey: 'operations', onBrush: range.setAbsolute };
  const around = (metric: MetricKey) => ({
    thresholds: thresholdsOf(metric, props.thresholds),
    spans: spansOf(metric, props.firings, range.to),
  });
  return (
    <Pane
      title="Does abandonment follow lag or errors?"
      note={
        marks.length > 0 ? `${marks.length} ${marks.length === 1 ? 'change' : 'changes'} marked` : undefined
      }
      actions={
        <>
          <Choice
            label="Business figure"
            value={upper}
            onChange={setBusiness}
            options={[
              { value: 'abandonmentRate', label: 'Rate' },
              { value: 'cartsAbandoned', label: 'Carts' },
            ]}
          />
          <ActionIcon
            title={asTable ? 'Show the chart' : 'Show as a table'}
            aria-label={asTable ? 'Show the chart' : 'Show as a table'}
            aria-pressed={asTable}
            onClick={() => setAsTable(!asTable)}
          >
            <Icon name="table" />
          </ActionIcon>
        </>
      }
    >
      {history.isError && !history.data ? (
        <ErrorState compact onRetry={() => history.refetch()} />
      ) : asTable ? (
        <CourseTable metrics={[upper, 'lagSeconds', 'errorsPerMinute']} points={series} />
      ) : (
        <>
          <LiveChart
            {...shared}
            {...around(upper)}
            label={metricByKey(upper)?.title ?? ''}
            series={[seriesOf(upper, series(upper), 'accent')]}
            band={usual?.[upper]}
            height={150}
            showTimes={false}
          />
          <LiveChart
            {...shared}
            {...around('lagSeconds')}
            label="Lag"
            series={[seriesOf('lagSeconds', series('lagSeconds'), 'second')]}
            height={90}
            showTimes={false}
          />
          <LiveChart
            {...shared}
            {...around('errorsPerMinute')}
            label="Errors"
            series={[seriesOf('errorsPerMinute', series('errorsPerMinute'), 'red')]}
            height={106}
          />
        </>
      )}
    </Pane>
  );
}

function seriesOf(metric: MetricKey, points: CoursePoint[], tone: ChartSeries['tone']): ChartSeries {
  const definition = metricByKey(metric);
  return { label: definition?.window ?? '', unit: definition?.unit ?? '', points, tone };
}

/** Kept samples, then what the room has told since the last of them. */
function pointsOf(
  metric: MetricKey,
  history: readonly HistorySeries[] | undefined,
  live: OperationsSnapshot | null,
  range: TimeRange,
): CoursePoint[] {
  const kept = history?.find((each) => each.metric === metric)?.points ?? [];
  const inRange = kept.filter((point) => point.at >= range.from && point.at < range.to);
  if (!range.live || !live) return inRange;
  const course = live.courses[metric as keyof OperationsSnapshot['courses']] ?? [];
  const last = inRange.at(-1)?.at ?? 0;
  const newer = course.filter((point) => point.at > last && point.at >= range.from);
  const now = { at: live.computedAt, value: live.figures[metric].value };
  return [...inRange, ...newer, now];
}

function thresholdsOf(metric: MetricKey, thresholds: readonly ThresholdView[]): ChartThreshold[] {
  return thresholds
    .filter((each) => each.metric === metric && each.enabled && each.dimension === '')
    .map((each) => ({
      value: each.value,
      label: `${each.name}: ${each.comparison} ${formatNumber(each.value)}`,
      tone: each.severity === 'critical' ? 'red' : 'amber',
    }));
}

function spansOf(metric: MetricKey, firings: readonly FiringView[], now: number): ChartSpan[] {
  return firings
    .filter((each) => each.metric === metric && each.dimension === '')
    .map((each) => ({
      from: each.startedAt,
      to: each.endedAt ?? now,
      tone: each.severity === 'critical' ? 'red' : 'amber',
    }));
}
