'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { AccessTable } from './access-table';
import { ClockList, ClocksCsv } from './clock-list';
import { OptOutPane } from './opt-out-pane';
import styles from './privacy.module.css';
import { RevealList } from './reveal-list';
import { SignalsPane } from './signals-pane';

/** What people do may be told by no message: it is asked for again every so often. */
const SLOW_REFRESH_MS = 30_000;

export function Overview({ onCustomer }: { onCustomer: (customer: string) => void }) {
  const trpc = useTRPC();
  const clocks = useQuery(trpc.privacy.clocks.queryOptions(undefined, { refetchInterval: SLOW_REFRESH_MS }));
  const access = useQuery(trpc.privacy.access.queryOptions(undefined, { refetchInterval: SLOW_REFRESH_MS }));
  return (
    <div className={styles.overview}>
      <Pane
        title="Clocks"
        note="by urgency"
        padded={false}
        className={styles.clocks}
        actions={<ClocksCsv clocks={clocks.data?.clocks} />}
      >
        {clocks.isError && !clocks.data ? (
          <ErrorState compact onRetry={() => clocks.refetch()} />
        ) : clocks.data ? (
          <ClockList clocks={clocks.data.clocks} />
        ) : (
          <SkeletonLines lines={3} />
        )}
      </Pane>
      <OptOutPane onCustomer={onCustomer} />
      <RevealList />
      <Pane
        title="Who looked at what"
        note="last 24 h, unusual first"
        padded={false}
        className={styles.access}
      >
        {access.isError && !access.data ? (
          <ErrorState compact onRetry={() => access.refetch()} />
        ) : access.data ? (
          <AccessTable rows={access.data.rows} />
        ) : (
          <SkeletonLines lines={4} />
        )}
      </Pane>
      <SignalsPane />
    </div>
  );
}
