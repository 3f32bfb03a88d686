'use client';
import { Button, NumberInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { isoTime } from '@/components/ui/csv';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatNumber } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge, type Tone } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { toast, wordsOf } from '@/components/ui/toast';
import { formatMs } from './bytes';
import styles from './checkpoints.module.css';
import type { Drill, PartitionCheckpoint } from './state-data';

const RESULTS: Record<string, { tone: Tone; word: string }> = {
  asked: { tone: 'accent', word: 'under way' },
  equal: { tone: 'good', word: 'equal' },
  different: { tone: 'bad', word: 'different' },
  failed: { tone: 'warn', word: 'failed' },
};

const msOf = (value: number | null) => (value === null ? '–' : formatMs(value));

const COLUMNS: readonly Column<Drill>[] = [
  {
    key: 'asked',
    title: 'Asked',
    width: '120px',
    value: (row) => row.askedAt,
    csv: (row) => isoTime(row.askedAt),
    cell: (row) => <TimeAgo at={row.askedAt} />,
  },
  {
    key: 'partition',
    title: 'Partition',
    align: 'end',
    width: '90px',
    value: (row) => row.partition,
    cell: (row) => row.partition,
  },
  {
    key: 'result',
    title: 'Digest',
    width: '130px',
    value: (row) => row.result,
    cell: ({ result }) => {
      const { tone, word } = RESULTS[result] ?? { tone: 'neutral', word: result };
      return <StatusBadge tone={tone}>{word}</StatusBadge>;
    },
  },
  {
    key: 'snapshot',
    title: 'From a snapshot of',
    align: 'end',
    width: '150px',
    value: (row) => row.snapshotAt,
    csv: (row) => isoTime(row.snapshotAt),
    cell: (row) => (row.snapshotAt === null ? '–' : <TimeAgo at={row.snapshotAt} />),
  },
  {
    key: 'load',
    title: 'Loading',
    align: 'end',
    value: (row) => row.loadMs,
    cell: (row) => msOf(row.loadMs),
  },
  {
    key: 'records',
    title: 'Replayed',
    align: 'end',
    value: (row) => row.records,
    cell: (row) => formatNumber(row.records),
  },
  {
    key: 'replay',
    title: 'Replaying',
    align: 'end',
    value: (row) => row.replayMs,
    cell: (row) => msOf(row.replayMs),
  },
  {
    key: 'detail',
    title: 'Detail',
    width: 'minmax(0, 2fr)',
    value: (row) => row.detail,
    cell: (row) => row.detail,
  },
];

/** Drills that were done, and a way to ask for one: a snapshot is restored aside, replayed and compared with the live state. */
export function DrillList({
  drills,
  partitions,
}: {
  drills: readonly Drill[];
  partitions: readonly PartitionCheckpoint[];
}) {
  const mayDo = useMay();
  return (
    <>
      {mayDo('state.write') && partitions.length > 0 && <DrillForm partitions={partitions} />}
      <DataTable
        label="Restore drills"
        columns={COLUMNS}
        rows={drills}
        rowKey={({ id }) => id}
        height={300}
        exportName="restore-drills"
        empty={
          <EmptyState title="No drill yet" compact>
            One is run every six hours by itself; ask for one above at any time. The live state is not
            touched.
          </EmptyState>
        }
      />
    </>
  );
}

function DrillForm({ partitions }: { partitions: readonly PartitionCheckpoint[] }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  const largest = partitions.reduce((a, b) => ((b.customers ?? 0) > (a.customers ?? 0) ? b : a));
  const [wanted, setWanted] = useState<number | string>(largest.partition);
  const drill = useMutation(
    trpc.checkpoints.drill.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.checkpoints.overview.queryKey() }),
      onError: (error) => toast(wordsOf(error), 'bad'),
    }),
  );
  const place = partitions.find(({ partition }) => partition === Number(wanted));
  return (
    <form
      className={styles.drill}
      onSubmit={(event) => {
        event.preventDefault();
        if (place) drill.mutate({ shardId: place.shardId, partition: place.partition });
      }}
    >
      <NumberInput
        label="Partition to drill"
        value={wanted}
        onChange={setWanted}
        min={0}
        allowDecimal={false}
        error={place ? undefined : 'has no state'}
        w={150}
      />
      <Button type="submit" variant="default" loading={drill.isPending} disabled={!place}>
        Drill the restore
      </Button>
    </form>
  );
}
