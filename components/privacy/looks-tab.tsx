'use client';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useTRPC, useTRPCClient } from '@/components/api';
import { roleWords } from '@/components/shell/role-words';
import { useAddressParam } from '@/components/ui/address';
import type { Column } from '@/components/ui/data-table';
import { FilterBar } from '@/components/ui/filter-bar';
import { formatDateTime, formatTime } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { EmptyState } from '@/components/ui/states';
import { ActorFilter } from './actor-filter';
import styles from './privacy.module.css';
import type { Look } from './privacy-data';
import { RecordFilter, RecordPane } from './record-pane';

const PAGE = 100;
const FILTER_WIDTH = 240;

const COLUMNS: readonly Column<Look>[] = [
  {
    key: 'at',
    title: 'When',
    width: '156px',
    cell: (row) => (
      <time dateTime={row.at} title={formatDateTime(Date.parse(row.at))}>
        {formatTime(Date.parse(row.at))}
      </time>
    ),
  },
  {
    key: 'who',
    title: 'Who',
    width: 'minmax(110px, 0.9fr)',
    cell: (row) => (
      <PageLink
        href={`/privacy?tab=looks&actor=${encodeURIComponent(row.actorId)}`}
        title="All that they looked at"
      >
        {row.actorName ?? `${row.actorKind} ${row.actorId}`}
      </PageLink>
    ),
  },
  {
    key: 'role',
    title: 'Role now',
    width: '112px',
    cell: (row) => (row.actorKind === 'key' ? 'program' : roleWords(row.role)),
  },
  {
    key: 'customer',
    title: 'Of',
    width: 'minmax(116px, 1fr)',
    cell: (row) => (
      <PageLink
        href={`/privacy?tab=looks&of=${encodeURIComponent(row.customer)}`}
        title="All who looked"
        className={styles.mono}
      >
        {row.customer}
      </PageLink>
    ),
  },
  {
    key: 'screen',
    title: 'Saw',
    width: 'minmax(132px, 1.4fr)',
    cell: (row) => <span title={row.fields.join(', ')}>{row.screen}</span>,
  },
  {
    key: 'fields',
    title: 'Fields',
    width: 'minmax(110px, 1.6fr)',
    cell: (row) => <span title={row.fields.join(', ')}>{row.fields.join(', ')}</span>,
  },
  { key: 'clear', title: 'In clear', width: '74px', cell: (row) => (row.inClear ? 'yes' : 'no') },
  { key: 'why', title: 'Why', width: 'minmax(96px, 1.2fr)', cell: (row) => row.reason ?? '' },
];

/** Who saw which field of whom, and why: every audited read of a customer, by person and by customer. */
export function LooksTab() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [actorId, setActor] = useAddressParam('actor');
  const [customer, setCustomer] = useAddressParam('of');
  const filter = { ...(actorId ? { actorId } : {}), ...(customer ? { customer } : {}) };
  const pages = useInfiniteQuery(
    trpc.privacy.looks.infiniteQueryOptions(
      { ...filter, limit: PAGE },
      { getNextPageParam: (last) => last.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = pages.data?.pages.flatMap((page) => page.rows);
  const whose = rows?.find((row) => row.actorId === actorId)?.actorName;
  return (
    <RecordPane
      title="Who saw what of whom"
      note={whose ? `by ${whose}, newest first` : 'newest first'}
      pages={pages}
      columns={COLUMNS}
      older="Older looks"
      file={{ name: 'who-looked.csv', read: () => client.privacy.exportLooks.query(filter) }}
      filters={
        <FilterBar>
          <ActorFilter rows={rows} value={actorId} onChange={setActor} width={FILTER_WIDTH} />
          <RecordFilter
            label="Of (customer key)"
            value={customer}
            onChange={setCustomer}
            width={FILTER_WIDTH}
          />
        </FilterBar>
      }
      empty={
        <EmptyState icon="person" title="Nobody looked" compact>
          {actorId || customer ? 'Clear a filter to see all looks. ' : 'Looks show here as they happen. '}A
          look at a card is noted once per person, customer and ten minutes; a reveal and a report each time.
        </EmptyState>
      }
    />
  );
}
