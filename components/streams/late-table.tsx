'use client';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState } from '@/components/ui/states';
import {
  FATE_WORDS,
  type LateRow,
  resultNumber,
  resultWords,
  spanWords,
  type WindowResults,
} from './windows-words';

interface LateTableProps {
  results: WindowResults;
  zone: string;
  currency: string;
}

/** What came after its window was final, with the value as published and as it would be, or is, with it. */
export function LateTable({ results, zone, currency }: LateTableProps) {
  const { late, lateCount } = results;
  const value = (
    key: string,
    title: string,
    of: (row: LateRow) => LateRow['published'],
  ): Column<LateRow> => ({
    key,
    title,
    align: 'end',
    width: 'minmax(76px, 1fr)',
    cell: (row) => resultWords(of(row), currency),
    value: (row) => resultNumber(of(row), currency),
  });
  const columns: Column<LateRow>[] = [
    {
      key: 'span',
      title: 'Window',
      width: 'minmax(130px, 1.6fr)',
      cell: (row) => spanWords(row, zone),
      value: (row) => new Date(row.start).toISOString(),
    },
    {
      key: 'lateness',
      title: 'Behind',
      width: '76px',
      align: 'end',
      cell: (row) => formatDuration(row.latenessMs),
      value: (row) => row.latenessMs,
    },
    {
      key: 'fate',
      title: 'Fate',
      width: '92px',
      cell: (row) => FATE_WORDS[row.fate],
      value: (row) => row.fate,
    },
    value('published', 'Published', (row) => row.published),
    value('corrected', 'Corrected', (row) => row.corrected),
  ];
  return (
    <Pane
      title="Late"
      note={lateCount > late.length ? `newest ${late.length} of ${lateCount}` : `${lateCount}`}
      padded={false}
    >
      <DataTable
        label="Late facts"
        columns={columns}
        rows={late}
        rowKey={({ partition, offset, start, key }) => `${partition} ${offset} ${start} ${key}`}
        height={460}
        exportName="late-facts"
        empty={
          <EmptyState icon="check" title="Nothing was late" compact>
            Every fact of these windows came before they were final.
          </EmptyState>
        }
      />
    </Pane>
  );
}
