'use client';
import { numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { SENTIMENT_LABELS } from '@/server/processors/sentiment-label.schema';
import type { PeriodQuality } from './sentiment-data';

type Row = PeriodQuality['confusion'][number];

const COLUMNS: Column<Row>[] = [
  textColumn({ key: 'model', title: 'Model says', value: ({ model }) => model }),
  ...SENTIMENT_LABELS.map((label) =>
    numberColumn<Row>({
      key: label,
      title: `should be ${label}`,
      // Nobody can contest a label by saying the same: no figure, rather than zero.
      value: ({ model, agents }) => (model === label ? null : agents[label]),
    }),
  ),
];

/** Contests by what the model said and what agents say it should be. */
export function ContestMatrix({ figures }: { figures: PeriodQuality }) {
  return (
    <DataTable
      label="Model against agents"
      columns={COLUMNS}
      rows={figures.confusion}
      rowKey={({ model }) => model}
      height={180}
      exportName="sentiment-model-against-agents"
    />
  );
}
