import type { CsvColumn } from '@/components/ui/csv';
import { STAGE_WORDS } from '@/server/use-cases/use-case-stage.schema';
import type { Card } from './workshop-data';

/** The board as a file: a line a use case, in the order of its stages. */
export const BOARD_COLUMNS: readonly CsvColumn<Card>[] = [
  { title: 'Stage', value: ({ stage }) => STAGE_WORDS[stage].title },
  { title: 'Title', value: ({ title }) => title },
  { title: 'Summary', value: ({ summary }) => summary },
  { title: 'Owner', value: ({ owner }) => owner?.name ?? null },
  { title: 'Metric', value: ({ metric }) => metric?.title ?? null },
  { title: 'Score', value: ({ score }) => score?.mean ?? null },
  { title: 'DPIA', value: ({ dpia }) => dpia?.title ?? null },
  { title: 'Blocked by', value: ({ gaps }) => gaps.map(({ reason }) => reason).join('; ') },
  { title: 'Predicted, %', value: ({ predictedChange }) => predictedChange },
  { title: 'Measured, %', value: ({ measuredChange }) => measuredChange?.percent ?? null },
];
