'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { Figure } from '@/components/ui/figure';
import { formatFixed, formatNumber, formatPercent } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { ErrorState } from '@/components/ui/states';
import styles from './state.module.css';

const EVERY_MS = 3_000;
const NOTHING = 'nobody’s card was read in this time';

/** How the online store answers who reads customers from it: screens, live push and programs, in every process. */
export function StoreReads() {
  const trpc = useTRPC();
  const query = useQuery({ ...trpc.onlineStore.reads.queryOptions(), refetchInterval: EVERY_MS });
  const { data } = query;
  const shared = { live: false, at: data?.at, window: 'last 15 min', reason: NOTHING } as const;
  return (
    <Pane
      title="How does the online store answer?"
      note="customers’ cards, read by screens and programs"
      padded={false}
    >
      {query.isError && !data ? (
        <ErrorState compact onRetry={() => query.refetch()}>
          {query.error.message}
        </ErrorState>
      ) : (
        <div className={styles.strip}>
          <Figure
            {...shared}
            label="Read, half within"
            value={data && milliseconds(data.p50Ms)}
            unit="ms (p50)"
            against={data && `${formatNumber(data.reads)} reads, last 15 min`}
            tone={data && data.failed > 0 ? 'bad' : 'neutral'}
            toneWord={data ? `${formatNumber(data.failed)} not answered` : undefined}
          />
          <Figure
            {...shared}
            label="Read, 99 of 100 within"
            value={data && milliseconds(data.p99Ms)}
            unit="ms (p99)"
          />
          <Figure
            {...shared}
            label="Hit rate"
            value={data?.hitRate}
            format={formatPercent}
            unit="%"
            against={data && `of ${formatNumber(data.lookups)} lookups, 15 min`}
          />
          <Figure
            {...shared}
            label="Expired"
            value={data?.expiredShare}
            format={formatPercent}
            unit="% of hits"
          />
        </div>
      )}
    </Pane>
  );
}

function milliseconds(ms: number | null): string | null {
  return ms === null ? null : formatFixed(ms, ms < 10 ? 2 : 0);
}
