'use client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useTRPC } from '@/components/api';
import { agoColumn, numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { Drawer } from '@/components/ui/drawer';
import { formatNumber } from '@/components/ui/format';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import type { LiveVisit, LiveVisits } from '@/server/features/live-visit.schema';
import type { FunnelStep } from '@/server/processors/funnel-step.schema';
import styles from './funnel.module.css';
import { stepTitle } from './funnel-steps';

const COLUMNS: readonly Column<LiveVisit>[] = [
  textColumn({ key: 'customer', title: 'Customer', value: ({ label }) => label }),
  textColumn({
    key: 'furthest',
    title: 'Furthest step',
    width: '140px',
    value: ({ furthest }) => stepTitle(furthest),
  }),
  textColumn({ key: 'platform', title: 'Platform', width: '80px', value: ({ platform }) => platform }),
  numberColumn({ key: 'events', title: 'Events', width: '64px', value: ({ events }) => events }),
  agoColumn({ key: 'started', title: 'Began', width: '92px', value: ({ startedAt }) => startedAt }),
  agoColumn({ key: 'last', title: 'Last event', width: '92px', value: ({ lastAt }) => lastAt }),
];

interface LiveVisitsDrawerProps {
  step: FunnelStep;
  onClose: () => void;
}

/** Live visits that reached a step, as of one look: each look is on record, so it is not taken again by itself. Enter explains a customer’s state. */
export function LiveVisitsDrawer({ step, onClose }: LiveVisitsDrawerProps) {
  const trpc = useTRPC();
  const router = useRouter();
  const query = useQuery(
    trpc.customers.liveVisits.queryOptions({ step }, { staleTime: Number.POSITIVE_INFINITY, gcTime: 0 }),
  );
  const { data, isError, isFetching, refetch, dataUpdatedAt } = query;
  return (
    <Drawer opened onClose={onClose} title={`Live visits: ${stepTitle(step)}`} size={720}>
      {isError && !data && <ErrorState compact onRetry={() => refetch()} />}
      {!isError && !data && <SkeletonLines lines={6} />}
      {data && (
        <>
          <div className={styles.look}>
            <span role="status">
              {wordsOf(data)}, as of <TimeAgo at={dataUpdatedAt} />. The look is on record.
            </span>
            <Button size="compact-sm" variant="default" loading={isFetching} onClick={() => refetch()}>
              Look again
            </Button>
          </div>
          <DataTable
            label="Live visits"
            columns={COLUMNS}
            rows={data.visits}
            rowKey={({ key, label, startedAt }) => `${key ?? label} ${startedAt}`}
            rowHeight={32}
            height={560}
            exportName="live-visits"
            onOpen={({ key }) =>
              key !== null && router.push(`/streams/state?customer=${encodeURIComponent(key)}`)
            }
            empty={
              <EmptyState title="Nobody is here now" compact>
                A visit is live for as long as its gap after its last event.
              </EmptyState>
            }
          />
        </>
      )}
    </Drawer>
  );
}

function wordsOf({ visits, isCut }: LiveVisits): string {
  if (isCut) return `The ${formatNumber(visits.length)} with the newest events; there are more`;
  return `${formatNumber(visits.length)} live ${visits.length === 1 ? 'visit' : 'visits'}`;
}
