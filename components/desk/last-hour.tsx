'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { Figure } from '@/components/ui/figure';
import { formatDuration, formatPercent } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { ErrorState } from '@/components/ui/states';
import styles from './desk.module.css';

const AGAIN_MS = 30_000;

/** With nobody chosen: what the desk did in the last hour, in four figures. */
export function LastHour() {
  const trpc = useTRPC();
  const { data, isError, refetch } = useQuery({
    ...trpc.queue.lastHour.queryOptions(),
    refetchInterval: AGAIN_MS,
  });
  return (
    <Pane className={styles.middle} title="The last hour at the desk" padded={false}>
      {isError ? (
        <ErrorState onRetry={() => refetch()} />
      ) : (
        <div className={styles.figures}>
          <Figure label="Customers taken" value={data?.taken} window="last 1 h" at={data?.to} live={false} />
          <Figure
            label="Median wait"
            value={data && (data.medianWaitMs === null ? null : formatDuration(data.medianWaitMs))}
            window="until taken, last 1 h"
            reason="none taken, last 1 h"
            at={data?.to}
            live={false}
          />
          <Figure
            label="Within their time"
            value={data && (data.withinSla === null ? null : formatPercent(data.withinSla))}
            unit="% of waits"
            window="last 1 h"
            reason="none ended, last 1 h"
            at={data?.to}
            live={false}
          />
          <Figure
            label="Actions accepted"
            value={data && (data.accepted + data.declined === 0 ? null : data.accepted)}
            unit={data && `of ${data.accepted + data.declined} answered`}
            window="last 1 h"
            reason="no answer, last 1 h"
            at={data?.to}
            live={false}
          />
        </div>
      )}
    </Pane>
  );
}
