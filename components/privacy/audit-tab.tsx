'use client';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC, useTRPCClient } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import type { Column } from '@/components/ui/data-table';
import { FilterBar } from '@/components/ui/filter-bar';
import { formatDateTime, formatTime } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { ActorFilter } from './actor-filter';
import { AuditDrawer } from './audit-drawer';
import { ChainState, ChainUnproven } from './chain-state';
import styles from './privacy.module.css';
import type { AuditRow } from './privacy-data';
import { RecordFilter, RecordPane } from './record-pane';

const PAGE = 100;
const FILTER_WIDTH = 190;

const COLUMNS: readonly Column<AuditRow>[] = [
  { key: 'seq', title: 'No.', width: '70px', align: 'end', cell: (row) => row.seq },
  {
    key: 'at',
    title: 'When',
    width: 'minmax(150px, 0.8fr)',
    cell: (row) => (
      <span title={formatDateTime(new Date(row.at).getTime())}>{formatTime(new Date(row.at).getTime())}</span>
    ),
  },
  {
    key: 'who',
    title: 'Who',
    width: 'minmax(120px, 0.8fr)',
    cell: (row) => row.actorName ?? `${row.actorKind} ${row.actorId}`,
  },
  { key: 'action', title: 'Did', width: 'minmax(140px, 1fr)', cell: (row) => row.action },
  {
    key: 'subject',
    title: 'To',
    width: 'minmax(160px, 1.2fr)',
    cell: (row) => <Subject row={row} />,
  },
  { key: 'reason', title: 'Why', width: 'minmax(120px, 1.2fr)', cell: (row) => row.reason ?? '' },
];

/** What it was done to by its name, where the entry kept one. */
function Subject({ row }: { row: AuditRow }) {
  const name = row.details.title ?? row.details.name;
  if (typeof name === 'string') return <span title={row.subject ?? undefined}>{name}</span>;
  return <span className={styles.mono}>{row.subject ?? ''}</span>;
}

/** Everything people and programs did that must be accounted for, with the state of the chain. */
export function AuditTab() {
  const trpc = useTRPC();
  const client = useTRPCClient();
  const [action, setAction] = useAddressParam('action');
  const [actorId, setActor] = useAddressParam('actor');
  const [subject, setSubject] = useAddressParam('subject');
  const [open, setOpen] = useState<AuditRow | null>(null);
  const filter = {
    ...(action ? { action } : {}),
    ...(actorId ? { actorId } : {}),
    ...(subject ? { subject } : {}),
  };
  const pages = useInfiniteQuery(
    trpc.privacy.audit.infiniteQueryOptions(
      { ...filter, limit: PAGE },
      { getNextPageParam: (last) => last.nextCursor ?? undefined, placeholderData: keepPreviousData },
    ),
  );
  const rows = pages.data?.pages.flatMap((page) => page.rows);
  const chain = useQuery(trpc.privacy.verifyAudit.queryOptions());
  return (
    <>
      <RecordPane
        title="Audit"
        pages={pages}
        columns={COLUMNS}
        onOpen={setOpen}
        older="Older entries"
        file={{ name: 'audit.csv', read: () => client.privacy.exportAudit.query(filter) }}
        filters={
          <div>
            <FilterBar
              end={
                <ChainState state={chain.data} busy={chain.isFetching} onCheck={() => void chain.refetch()} />
              }
            >
              <RecordFilter
                label="Action begins with"
                value={action}
                onChange={setAction}
                placeholder="customer."
                width={FILTER_WIDTH}
              />
              <ActorFilter rows={rows} value={actorId} onChange={setActor} width={FILTER_WIDTH} />
              <RecordFilter
                label="To (customer or id)"
                value={subject}
                onChange={setSubject}
                width={FILTER_WIDTH}
              />
            </FilterBar>
            <ChainUnproven state={chain.data} />
          </div>
        }
        empty={
          <EmptyState icon="search" title="No entry fits" compact>
            Clear a filter, or wait until something is done.
          </EmptyState>
        }
      />
      {open && <AuditDrawer row={open} onClose={() => setOpen(null)} />}
    </>
  );
}
