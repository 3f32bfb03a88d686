'use client';
import { type Column, DataTable } from '@/components/ui/data-table';
import { PageLink } from '@/components/ui/page-link';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { AccessRow } from './privacy-data';
import { TableBox } from './table-box';

const COLUMNS: readonly Column<AccessRow>[] = [
  {
    key: 'who',
    title: 'Who',
    width: 'minmax(150px, 1fr)',
    cell: (row) => (
      <PageLink href={`/privacy?tab=audit&actor=${encodeURIComponent(row.actorId)}`}>
        {row.actorName ?? row.actorId}
      </PageLink>
    ),
    value: (row) => row.actorName ?? row.actorId,
  },
  {
    key: 'unusual',
    title: 'Unusual',
    width: 'minmax(200px, 2fr)',
    cell: (row) =>
      row.unusual.length > 0 ? <StatusBadge tone="warn">{row.unusual.join(' · ')}</StatusBadge> : 'nothing',
    value: (row) => row.unusual.join('; '),
  },
  {
    key: 'customers',
    title: 'Customers',
    width: '100px',
    align: 'end',
    cell: (row) => row.customers,
    value: (row) => row.customers,
  },
  {
    key: 'views',
    title: 'Looks',
    width: '80px',
    align: 'end',
    cell: (row) => row.views,
    value: (row) => row.views,
  },
  {
    key: 'reveals',
    title: 'Reveals',
    width: '80px',
    align: 'end',
    cell: (row) => row.reveals,
    value: (row) => row.reveals,
  },
  {
    key: 'last',
    title: 'Last',
    width: '100px',
    align: 'end',
    cell: (row) => <TimeAgo at={row.lastAt} />,
    value: (row) => row.lastAt,
  },
];

/** One line a person: how many customers they looked at, and what is out of the ordinary. */
export function AccessTable({ rows }: { rows: readonly AccessRow[] }) {
  return (
    <TableBox>
      <DataTable
        label="Who looked at what"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ actorId }) => actorId}
        height={240}
        exportName="who-looked"
        empty={
          <EmptyState icon="person" title="Nobody opened a customer in the last 24 hours" compact>
            A look at a card is noted once per person, customer and ten minutes.
          </EmptyState>
        }
      />
    </TableBox>
  );
}
