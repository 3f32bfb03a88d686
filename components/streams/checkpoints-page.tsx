'use client';
import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useTRPC } from '@/components/api';
import { Figure } from '@/components/ui/figure';
import { formatDuration, formatLast } from '@/components/ui/format';
import { Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { formatBytes, formatMs } from './bytes';
import { CheckpointTable } from './checkpoint-table';
import styles from './checkpoints.module.css';
import { DrillList } from './drill-list';
import { IntervalForm } from './interval-form';
import type { Checkpoints } from './state-data';
import { CHECKPOINTS_HELP } from './state-help';

const EVERY_MS = 2_000;
const HOUR_MS = 3_600_000;
const CheckpointCurve = dynamic(() => import('./checkpoint-curve').then((module) => module.CheckpointCurve), {
  ssr: false,
  loading: () => <SkeletonLines lines={8} />,
});

/** Snapshots of the state outside Redis: what was taken at what cost, and how long a lost Redis takes to be back. */
export function CheckpointsPage() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.checkpoints.overview.queryOptions(), refetchInterval: EVERY_MS });
  const { data } = query;
  return (
    <Page
      title="Checkpoints"
      about="Snapshots of the state outside Redis, and how long it takes to come back from them"
      help={CHECKPOINTS_HELP}
    >
      {query.isError && !data ? (
        <ErrorState onRetry={() => query.refetch()} />
      ) : (
        <>
          <Strip data={data} />
          <div className={styles.columns}>
            <Pane
              title="What does a shorter interval cost, and what does it save?"
              note="from own measurements"
            >
              {data ? <TradeOff data={data} /> : <SkeletonLines lines={10} />}
            </Pane>
            <Pane title="Interval">
              {data ? <IntervalForm key={data.intervalMs} data={data} /> : <SkeletonLines lines={6} />}
            </Pane>
          </div>
          <Pane title="Partitions" note={data && `${data.partitions.length} with state`} padded={false}>
            {data ? (
              <CheckpointTable partitions={data.partitions} intervalMs={data.intervalMs} />
            ) : (
              <SkeletonLines lines={8} />
            )}
          </Pane>
          <Pane title="Restore drills" note="newest first" padded={false}>
            {data ? (
              <DrillList drills={data.drills} partitions={data.partitions} />
            ) : (
              <SkeletonLines lines={4} />
            )}
          </Pane>
        </>
      )}
    </Page>
  );
}

function TradeOff({ data }: { data: Checkpoints }) {
  if (data.curve === null)
    return (
      <EmptyState icon="clock" title="Not measured yet" compact>
        The curve is drawn from what snapshots and drills took: {data.unmeasured}. Drill a partition below.
      </EmptyState>
    );
  return <CheckpointCurve curve={data.curve} intervalMs={data.intervalMs} />;
}

/** The last success is the oldest of all: one partition left behind is what a recovery would wait for. */
function Strip({ data }: { data: Checkpoints | undefined }) {
  const checked = data?.partitions.map(({ checkedAt }) => checkedAt) ?? [];
  const waiting = checked.filter((at) => at === null).length;
  const oldest = checked.length > 0 && waiting === 0 ? Math.min(...checked.map((at) => at ?? 0)) : null;
  const hour = data?.lastHour;
  const stored = data?.partitions.reduce((sum, one) => sum + (one.storedBytes ?? 0), 0);
  const drilled = data?.drills.find(({ result }) => result === 'equal');
  const estimated = data?.curve?.find(({ intervalMs }) => intervalMs === data.intervalMs);
  const late = data && oldest !== null && data.at - oldest > 2 * data.intervalMs + 10_000;
  return (
    <div className={styles.strip}>
      <Figure
        label="Oldest success"
        value={data && (oldest === null ? null : formatDuration(data.at - oldest))}
        window={data && `interval ${formatDuration(data.intervalMs)}`}
        reason={
          waiting === 0 ? 'no partition has state yet' : `${waiting} of ${checked.length} not taken yet`
        }
        at={data?.at}
        live={false}
        tone={oldest === null ? undefined : late ? 'warn' : 'good'}
        toneWord={late ? 'overdue' : 'on time'}
      />
      <Figure
        label="Overhead"
        value={data && (hour ? hour.overhead * 100 : null)}
        unit="% of one core"
        window={hour && hour.spanMs < HOUR_MS ? formatLast(hour.spanMs) : 'last hour'}
        reason="none was taken in the last hour"
        at={data?.at}
        live={false}
      />
      <Figure
        label="Longest read"
        value={data && (hour ? formatMs(hour.worstReadMs) : null)}
        window="a commit waits, at most"
        reason="none was taken in the last hour"
        at={data?.at}
        live={false}
      />
      <Figure
        label="Stored"
        value={data && formatBytes(stored ?? 0)}
        window={data && `${data.store === 's3' ? 'S3 API' : 'folder'}, encrypted`}
        at={data?.at}
        live={false}
      />
      <Figure
        label="Recovery, estimated"
        value={data && (estimated ? formatMs(estimated.recoveryMs) : null)}
        window="whole Redis"
        reason={data?.unmeasured ?? 'not an interval of the curve'}
        at={data?.at}
        live={false}
      />
      <Figure
        label="Last good drill"
        value={data && (drilled ? formatMs((drilled.loadMs ?? 0) + (drilled.replayMs ?? 0)) : null)}
        window={drilled ? `partition ${drilled.partition}` : undefined}
        reason="no drill has succeeded yet"
        at={drilled?.finishedAt}
        live={false}
      />
    </div>
  );
}
