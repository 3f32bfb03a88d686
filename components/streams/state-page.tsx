'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { Page } from '@/components/ui/page';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { ExpiryForm } from './expiry-form';
import { ExplainPane } from './explain-pane';
import styles from './state.module.css';
import { StateCheck } from './state-check';
import { STATE_HELP } from './state-help';
import { StateInventory } from './state-inventory';
import { StoreReads } from './store-reads';

const EVERY_MS = 3_000;

/** Keyed state: how much of each kind, what leaves by age, whether it is right, and why one value is what it is. */
export function StatePage() {
  const trpc = useTRPC();
  const mayDo = useMay();
  const query = useQuery({ ...trpc.state.overview.queryOptions(), refetchInterval: EVERY_MS });
  const { data } = query;
  return (
    <Page
      title="State"
      about="What the stream keeps of customers, and whether it is what their events make it"
      help={STATE_HELP}
    >
      {query.isError && !data ? (
        <ErrorState onRetry={() => query.refetch()} />
      ) : (
        <>
          <Pane
            title="Is the stored state right?"
            note="recomputed from history in the background"
            padded={false}
          >
            {data ? <StateCheck data={data} /> : <SkeletonLines lines={5} />}
          </Pane>
          <StoreReads />
          <div className={styles.columns}>
            <Pane title="Inventory" note={data && 'all partitions'} padded={false}>
              {data ? <StateInventory data={data} /> : <SkeletonLines lines={8} />}
            </Pane>
            <Pane title="Leaves by age">
              {data ? (
                <ExpiryForm key={JSON.stringify(data.policy)} policy={data.policy} />
              ) : (
                <SkeletonLines lines={6} />
              )}
            </Pane>
          </div>
          {mayDo('state.explain') && <ExplainPane />}
        </>
      )}
    </Page>
  );
}
