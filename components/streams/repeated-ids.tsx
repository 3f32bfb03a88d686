'use client';
import { useSourceNames } from '@/components/operations/use-source-names';
import { useSetAddress } from '@/components/ui/address';
import { agoColumn, numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { EmptyState } from '@/components/ui/states';
import type { DuplicatesLedger } from '@/server/history/duplicates.schema';

type Repeated = DuplicatesLedger['repeated'][number];

const columnsFor = (names: ReadonlyMap<string, string>): Column<Repeated>[] => [
  textColumn({ key: 'messageId', title: 'Message id', value: ({ messageId }) => messageId }),
  textColumn({
    key: 'sourceId',
    title: 'Source',
    width: '260px',
    value: ({ sourceId }) => names.get(sourceId) ?? sourceId,
  }),
  {
    ...numberColumn<Repeated>({
      key: 'attempts',
      title: 'Suppressed',
      width: '110px',
      value: ({ attempts }) => attempts,
    }),
  },
  agoColumn({ key: 'lastAt', title: 'Last', width: '110px', value: ({ lastAt }) => lastAt }),
];

/** Ids by how often they were sent again. Enter looks one up. */
export function RepeatedIds({ rows }: { rows: readonly Repeated[] }) {
  const set = useSetAddress();
  const names = useSourceNames();
  return (
    <DataTable
      label="Ids sent again"
      columns={columnsFor(names)}
      rows={rows}
      rowKey={({ messageId, sourceId }) => `${sourceId} ${messageId}`}
      rowHeight={28}
      height={320}
      exportName="duplicates"
      onOpen={({ messageId }) => set({ message: messageId }, true)}
      empty={
        <EmptyState compact title="Nothing was sent again in this time">
          Repeats show here when a sender tries again what was acknowledged already.
        </EmptyState>
      }
    />
  );
}
