'use client';
import { numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { Pane } from '@/components/ui/pane';
import { OPERATORS, type OperatorDefinition, type OperatorKey } from '@/server/processors/topology.schema';
import type { OperatorFigures, StreamsSnapshot } from '@/server/scaling/streams.schema';
import { formatBytes } from './operator-words';

interface Line {
  operator: OperatorDefinition;
  figures: OperatorFigures | undefined;
}

const COLUMNS: readonly Column<Line>[] = [
  textColumn({ key: 'name', title: 'Operator', value: ({ operator }) => operator.name }),
  numberColumn({
    key: 'takes',
    title: 'Takes /s',
    width: '86px',
    value: ({ figures }) => figures?.takes ?? null,
  }),
  numberColumn({
    key: 'gives',
    title: 'Gives /s',
    width: '86px',
    value: ({ figures }) => figures?.gives ?? null,
  }),
  numberColumn({
    key: 'microseconds',
    title: 'µs/event',
    width: '82px',
    value: ({ figures }) => figures?.microseconds ?? null,
  }),
  {
    key: 'state',
    title: 'State',
    width: '86px',
    align: 'end',
    cell: ({ figures }) => (figures?.stateBytes == null ? '–' : formatBytes(figures.stateBytes)),
    value: ({ figures }) => figures?.stateBytes ?? null,
  },
  numberColumn({
    key: 'errors',
    title: 'Errors/min',
    width: '86px',
    value: ({ figures }) => figures?.errors ?? null,
  }),
];

/** The same as the picture, to sort and to take away. */
export function OperatorTable({
  data,
  selected,
  onSelect,
}: {
  data: StreamsSnapshot;
  selected: string;
  onSelect: (key: OperatorKey) => void;
}) {
  const rows = OPERATORS.map((operator) => ({ operator, figures: data.operators[operator.key] }));
  return (
    <Pane title="Which operator costs most?" note="on followed events, last 60 s" padded={false}>
      <DataTable
        label="Operators"
        columns={COLUMNS}
        rows={rows}
        rowKey={({ operator }) => operator.key}
        selectedKey={selected || null}
        onOpen={({ operator }) => onSelect(operator.key)}
        exportName="operators"
        height={330}
        rowHeight={30}
        initialSort={{ key: 'microseconds', descending: true }}
      />
    </Pane>
  );
}
