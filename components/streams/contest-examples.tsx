'use client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { inferRouterOutputs } from '@trpc/server';
import { useTRPC } from '@/components/api';
import { agoColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatChange } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import type { AppRouter } from '@/server/api/root';
import type { QualityPeriod } from '@/server/features/label-contest.schema';

type Example = inferRouterOutputs<AppRouter>['sentiment']['examples'][number];

const NOT_KEPT = 'no longer kept';

const COLUMNS: Column<Example>[] = [
  {
    key: 'text',
    title: 'Turn, masked',
    width: 'minmax(0, 2.4fr)',
    value: ({ text }) => text ?? NOT_KEPT,
    cell: ({ text }) => <span title={text ?? undefined}>{text ?? NOT_KEPT}</span>,
  },
  {
    key: 'model',
    title: 'Model says',
    width: '190px',
    value: ({ modelLabel }) => modelLabel,
    cell: ({ modelLabel, modelScore, modelConfidence }) =>
      `${modelLabel} ${formatChange(modelScore, 2)} · ${Math.round(modelConfidence * 100)}% sure`,
  },
  textColumn({ key: 'label', title: 'Should be', width: '100px', value: ({ label }) => label }),
  {
    key: 'reason',
    title: 'Reason',
    width: 'minmax(0, 1.5fr)',
    value: ({ reason }) => reason,
    cell: ({ reason }) => reason ?? '–',
  },
  textColumn({
    key: 'version',
    title: 'Model',
    width: '180px',
    value: ({ model, modelVersion }) => `${model} ${modelVersion}`,
  }),
  textColumn({ key: 'customer', title: 'Customer', width: '150px', value: ({ customer }) => customer }),
  agoColumn({ key: 'turnAt', title: 'Spoken', width: '90px', value: ({ turnAt }) => turnAt }),
];

/** The turns contested last. Read once for each look, since every look is on record. */
export function ContestExamples({ period, words }: { period: QualityPeriod; words: string }) {
  const trpc = useTRPC();
  const query = useQuery(
    trpc.sentiment.examples.queryOptions(
      { period },
      { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
    ),
  );
  const { data } = query;
  return (
    <Pane
      title="Which turns are contested?"
      note={`${words}, newest contest first, at most 100 · your look is on record`}
      padded={false}
      actions={
        <Button
          size="compact-xs"
          variant="default"
          loading={query.isFetching}
          onClick={() => query.refetch()}
        >
          Read again
        </Button>
      }
    >
      {query.isError && !data ? (
        <ErrorState compact onRetry={() => query.refetch()}>
          {query.error.message}
        </ErrorState>
      ) : data ? (
        <DataTable
          label="Contested turns"
          columns={COLUMNS}
          rows={data}
          rowKey={({ id }) => id}
          height={420}
          exportName="contested-turns"
          empty={
            <EmptyState compact title="No label is contested">
              Agents contest a label beside the turn, in the transcript on their desk.
            </EmptyState>
          }
        />
      ) : (
        <SkeletonLines lines={5} />
      )}
    </Pane>
  );
}
