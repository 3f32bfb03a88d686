'use client';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import type { WindowDefinition } from '@/server/history/windows/window-definition.schema';
import { resultNumber, resultWords, spanWords, type WindowResults, type WindowRow } from './windows-words';

const PHASES: Record<WindowRow['phase'], { tone: 'good' | 'warn' | 'neutral'; word: string; about: string }> =
  {
    open: { tone: 'neutral', word: 'open', about: 'The watermark has not passed its end' },
    provisional: {
      tone: 'warn',
      word: 'provisional',
      about: 'Closed; within the lateness facts still correct it',
    },
    final: { tone: 'good', word: 'final', about: 'It changes no more' },
  };

interface WindowTableProps {
  results: WindowResults;
  definition: WindowDefinition;
  zone: string;
  currency: string;
}

/** Each window with its value as published, as corrected, and whether it may still change. */
export function WindowTable({ results, definition, zone, currency }: WindowTableProps) {
  const { windows, windowCount, resolutionMs } = results;
  const left = windowCount - windows.length;
  return (
    <Pane
      title="Windows"
      note={`times of ${zone} · log time in steps of ${formatDuration(resolutionMs)}${left > 0 ? ` · ${left} older ones left out` : ''}`}
      padded={false}
    >
      <DataTable
        label="Windows"
        columns={columnsOf(definition, zone, currency)}
        rows={windows}
        rowKey={({ key, start, end }) => `${start} ${end} ${key}`}
        height={460}
        exportName="windows"
        empty={
          <EmptyState icon="clock" title="No window in this range" compact>
            Nothing of this measure happened then, or only while the calendar is closed. Choose a longer
            range.
          </EmptyState>
        }
      />
    </Pane>
  );
}

function columnsOf(definition: WindowDefinition, zone: string, currency: string): Column<WindowRow>[] {
  const value = (key: string, title: string, of: (row: WindowRow) => WindowRow['published']) => ({
    key,
    title,
    align: 'end' as const,
    width: 'minmax(90px, 1fr)',
    cell: (row: WindowRow) => resultWords(of(row), currency),
    value: (row: WindowRow) => resultNumber(of(row), currency),
  });
  const columns: Column<WindowRow>[] = [
    {
      key: 'span',
      title: 'Window',
      width: 'minmax(190px, 2fr)',
      cell: (row) => (
        <span title={`${formatDuration(row.end - row.start)} long`}>{spanWords(row, zone)}</span>
      ),
      value: (row) => new Date(row.start).toISOString(),
    },
  ];
  if (definition.groupBy === 'platform') {
    columns.push({
      key: 'key',
      title: 'Platform',
      width: '86px',
      cell: (row) => row.key,
      value: (row) => row.key,
    });
  }
  return [
    ...columns,
    {
      key: 'phase',
      title: 'State',
      width: '118px',
      cell: ({ phase }) => (
        <StatusBadge tone={PHASES[phase].tone} title={PHASES[phase].about}>
          {PHASES[phase].word}
        </StatusBadge>
      ),
      value: (row) => row.phase,
    },
    value('published', 'Published', (row) => row.published),
    value('corrected', 'Corrected', (row) => row.corrected),
    value('value', 'Now', (row) => row.value),
  ];
}
