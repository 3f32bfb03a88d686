'use client';
import { Button } from '@mantine/core';
import { textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatDuration } from '@/components/ui/format';
import type { BusinessCalendarView } from '@/server/history/windows/business-calendar.schema';
import type { WindowView } from '@/server/history/windows/window-definition.schema';
import { alignmentWords, MEASURE_WORDS, POLICY_WORDS, shapeWords } from './windows-words';

interface WindowListProps {
  windows: readonly WindowView[];
  calendars: readonly BusinessCalendarView[];
  selected: string | null;
  onSelect: (id: string) => void;
  onEdit: (window: WindowView) => void;
}

/** Every windowed aggregate in a line; opening one shows its windows below. */
export function WindowList({ windows, calendars, selected, onSelect, onEdit }: WindowListProps) {
  const columns: Column<WindowView>[] = [
    {
      ...textColumn({ key: 'name', title: 'Name', value: (row: WindowView) => row.name }),
      width: 'minmax(180px, 1.5fr)',
    },
    textColumn({ key: 'measure', title: 'Measure', value: (row) => MEASURE_WORDS[row.definition.measure] }),
    textColumn({
      key: 'shape',
      title: 'Windows',
      width: 'minmax(170px, 1.2fr)',
      value: (row) => shapeWords(row.definition),
    }),
    textColumn({
      key: 'alignment',
      title: 'Begin with',
      width: 'minmax(150px, 1.2fr)',
      value: (row) => alignmentWords(row.definition, calendars),
    }),
    textColumn({
      key: 'lateness',
      title: 'Lateness',
      width: '90px',
      value: (row) => formatDuration(row.definition.latenessMs),
    }),
    textColumn({
      key: 'policy',
      title: 'Later',
      width: '100px',
      value: (row) => POLICY_WORDS[row.definition.latePolicy.kind],
    }),
    {
      key: 'open',
      title: '',
      width: '80px',
      align: 'end',
      cell: (row) => (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={`Open ${row.name}`}
          onClick={(event) => {
            event.stopPropagation();
            onEdit(row);
          }}
        >
          Open
        </Button>
      ),
    },
  ];
  return (
    <DataTable
      label="Windowed aggregates"
      columns={columns}
      rows={windows}
      rowKey={({ id }) => id}
      selectedKey={selected}
      onOpen={({ id }) => onSelect(id)}
      height={220}
      exportName="window-definitions"
    />
  );
}
