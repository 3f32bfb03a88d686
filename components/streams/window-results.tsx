'use client';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { usePerson } from '@/components/shell/person';
import { Figure } from '@/components/ui/figure';
import { formatDuration, formatTime } from '@/components/ui/format';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import type { TimeRange } from '@/components/ui/time-range';
import { wordsOf } from '@/components/ui/toast';
import type { BusinessCalendarView } from '@/server/history/windows/business-calendar.schema';
import type { WindowView } from '@/server/history/windows/window-definition.schema';
import { LateTable } from './late-table';
import { WindowTable } from './window-table';
import styles from './windows.module.css';
import { type WindowResults, zoneOf } from './windows-words';

interface WindowResultsPanesProps {
  window: WindowView;
  calendars: readonly BusinessCalendarView[];
  range: TimeRange;
}

/** The windows of one definition over the page's range: how far time has come, each window, and what was late. */
export function WindowResultsPanes({ window, calendars, range }: WindowResultsPanesProps) {
  const trpc = useTRPC();
  const { currency } = usePerson();
  const { definition } = window;
  const { from, to } = range;
  const results = useQuery(
    trpc.windows.results.queryOptions(
      { definition, from: Math.max(0, from), to },
      { placeholderData: keepPreviousData, enabled: to > 0, staleTime: 5_000 },
    ),
  );
  if (results.isError) {
    return (
      <ErrorState title="These windows could not be worked out" onRetry={() => results.refetch()}>
        {wordsOf(results.error)}
      </ErrorState>
    );
  }
  if (!results.data) return <SkeletonLines lines={8} />;
  const zone = zoneOf(definition, calendars);
  return (
    <>
      <WatermarkFigures results={results.data} range={range} />
      <div className={styles.split}>
        <WindowTable results={results.data} definition={definition} zone={zone} currency={currency} />
        <LateTable results={results.data} zone={zone} currency={currency} />
      </div>
    </>
  );
}

function WatermarkFigures({ results, range }: { results: WindowResults; range: TimeRange }) {
  const { watermark, windows, windowCount, lateCount, at } = results;
  const corrected = windows.filter((row) => row.corrections > 0).length;
  const final = windows.filter((row) => row.phase === 'final').length;
  const over = `windows that begin in ${formatDuration(range.spanMs)}`;
  return (
    <div className={styles.figures}>
      <Figure
        label="Watermark"
        value={watermark.at === null ? null : formatTime(watermark.at)}
        reason="nothing was processed yet"
        at={watermark.at}
        live={false}
        against={watermark.heldBy ? `held by partition ${watermark.heldBy}` : 'every partition is drained'}
      />
      <Figure
        label="Partitions"
        value={watermark.partitions}
        at={at}
        live={false}
        window={`${watermark.idle} drained, which hold nothing back`}
      />
      <Figure label="Windows" value={windowCount} at={at} live={false} window={`${final} final, ${over}`} />
      <Figure
        label="Corrected"
        value={corrected}
        unit="windows"
        at={at}
        live={false}
        window={`${lateCount} late beyond the lateness`}
      />
    </div>
  );
}
