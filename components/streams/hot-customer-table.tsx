'use client';
import { numberColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatPercent } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import styles from './partitions-page.module.css';
import { nameOf } from './use-lag-board';
import { useHotCustomers } from './use-scaling';

type Hot = NonNullable<ReturnType<typeof useHotCustomers>['data']>[number];

/** Whose events make the load now; of the chosen partition alone when one is chosen. */
export function HotCustomerTable({ selected }: { selected: string }) {
  const hot = useHotCustomers();
  const rows = hot.data?.filter((row) => selected === '' || nameOf(row) === selected);
  const masked = hot.data?.some(({ isMasked }) => isMasked);
  return (
    <Pane
      title={selected === '' ? 'Whose events are they?' : `Whose events are they, on ${selected}?`}
      note={masked ? 'last 10 s, keys masked' : 'last 10 s'}
      padded={false}
    >
      {hot.isError && !rows ? (
        <ErrorState compact onRetry={() => hot.refetch()} />
      ) : !rows ? (
        <div className={styles.waiting}>
          <SkeletonLines lines={4} />
        </div>
      ) : (
        <DataTable
          label="Hot customers"
          columns={COLUMNS}
          rows={rows}
          rowKey={(row) => `${nameOf(row)} ${row.key} ${row.share} ${row.perSecond}`}
          rowHeight={28}
          height={260}
          exportName="hot-customers"
          initialSort={{ key: 'perSecond', descending: true }}
          empty={
            <EmptyState compact title="No customer stands out">
              One shows here who sends at least 5 % of a partition’s events.
            </EmptyState>
          }
        />
      )}
    </Pane>
  );
}

const COLUMNS: Column<Hot>[] = [
  {
    key: 'customer',
    title: 'Customer',
    cell: ({ key, isMasked }) =>
      key === null ? (
        <span className={styles.quiet}>opted out, or nobody’s</span>
      ) : isMasked ? (
        key
      ) : (
        <PageLink href={`/desk?customer=${encodeURIComponent(key)}`}>{key}</PageLink>
      ),
    value: ({ key }) => key ?? '',
  },
  { key: 'partition', title: 'Partition', width: '110px', cell: nameOf, value: (row) => row.partition },
  {
    key: 'share',
    title: 'Of the partition, %',
    width: '150px',
    align: 'end',
    cell: ({ share }) => formatPercent(share),
    value: ({ share }) => share,
  },
  numberColumn({
    key: 'perSecond',
    title: 'Events/s',
    width: '110px',
    value: ({ perSecond }) => Math.round(perSecond * 10) / 10,
  }),
];
