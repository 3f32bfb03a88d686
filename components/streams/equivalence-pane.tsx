'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useAddressParam } from '@/components/ui/address';
import { agoColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatCount } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import type { EquivalenceReport } from '@/server/history/equivalence/equivalence.schema';
import { EquivalenceDrawer } from './equivalence-drawer';
import { differingParts, VERDICTS } from './equivalence-words';

const EVERY_MS = 5_000;

/** Reports of builds that were to be deployed, the newest first. */
export function EquivalencePane() {
  const trpc = useTRPC();
  const reports = useQuery(trpc.equivalence.list.queryOptions(undefined, { refetchInterval: EVERY_MS }));
  const [shown, show] = useAddressParam('report');
  const open = reports.data?.find(({ id }) => id === shown);
  return (
    <Pane title="Would the next build do the same?" note="before a cut-over" padded={false}>
      {reports.isPending && <SkeletonLines lines={3} />}
      {reports.isError && !reports.data && <ErrorState compact onRetry={() => reports.refetch()} />}
      {reports.data && (
        <DataTable
          label="Equivalence reports"
          columns={COLUMNS}
          rows={reports.data}
          rowKey={({ id }) => id}
          selectedKey={shown || null}
          onOpen={({ id }) => show(id)}
          height={330}
          exportName="equivalence-reports"
          empty={
            <EmptyState title="No build has been compared yet" compact>
              Run “npm run equivalence” in the checkout of the version that is to be deployed, with the
              settings of this product. It writes nothing but its report.
            </EmptyState>
          }
        />
      )}
      {open && <EquivalenceDrawer report={open} onClose={() => show(null)} />}
    </Pane>
  );
}

const COLUMNS: readonly Column<EquivalenceReport>[] = [
  {
    ...agoColumn<EquivalenceReport>({
      key: 'made',
      title: 'Made',
      width: '100px',
      value: ({ madeAt }) => madeAt,
    }),
    align: 'start',
  },
  {
    key: 'verdict',
    title: 'Verdict',
    width: '130px',
    value: ({ verdict }) => VERDICTS[verdict].word,
    cell: ({ verdict }) => {
      const { tone, word } = VERDICTS[verdict];
      return <StatusBadge tone={tone}>{word}</StatusBadge>;
    },
  },
  textColumn({
    key: 'from',
    title: 'Running',
    width: 'minmax(0, 1fr)',
    value: ({ fromVersions }) => fromVersions.join(', ') || '– (no worker told)',
  }),
  textColumn({
    key: 'to',
    title: 'To be deployed',
    width: 'minmax(0, 1fr)',
    value: ({ toVersion }) => toVersion,
  }),
  textColumn({
    key: 'partitions',
    title: 'Compared',
    width: '150px',
    value: ({ partitions }) => {
      const compared = partitions.filter(({ verdict }) => verdict !== 'notCompared').length;
      return `${compared} of ${formatCount(partitions.length, 'partition')}`;
    },
  }),
  textColumn({
    key: 'parts',
    title: 'What differs',
    width: 'minmax(0, 1.2fr)',
    value: ({ partitions, verdict }) =>
      differingParts(partitions) || (verdict === 'equivalent' ? 'nothing' : '–'),
  }),
  textColumn({ key: 'by', title: 'By', width: '150px', value: ({ madeBy }) => madeBy }),
];
