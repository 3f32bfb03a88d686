'use client';
import { agoColumn, numberColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { PageLink } from '@/components/ui/page-link';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import type { AccessRow } from './privacy-data';

const COLUMNS: readonly Column<AccessRow>[] = [
  {
    key: 'who',
    title: 'Who',
    width: 'minmax(150px, 1fr)',
    cell: (row) => (
      <PageLink href={`/privacy?tab=looks&actor=${encodeURIComponent(row.actorId)}`}>
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
  numberColumn({ key: 'customers', title: 'Customers', width: '100px', value: (row) => row.customers }),
  numberColumn({ key: 'views', title: 'Looks', width: '80px', value: (row) => row.views }),
  numberColumn({ key: 'reveals', title: 'Reveals', width: '80px', value: (row) => row.reveals }),
  agoColumn({ key: 'last', title: 'Last', width: '100px', value: (row) => row.lastAt }),
];

/** One line a person: how many customers they looked at, and what is out of the ordinary. */
export function AccessTable({ rows }: { rows: readonly AccessRow[] }) {
  return (
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
  );
}
