import { type Column, DataTable } from '@/components/ui/data-table';
import { formatDateTime, formatNumber } from '@/components/ui/format';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { formatBytes, formatMs } from './bytes';
import type { PartitionCheckpoint } from './state-data';

type Cell = (row: PartitionCheckpoint) => number | null;

const measured = (
  key: string,
  title: string,
  value: Cell,
  format: (value: number) => string,
): Column<PartitionCheckpoint> => ({
  key,
  title,
  align: 'end',
  value,
  cell: (row) => {
    const known = value(row);
    return known === null ? '–' : format(known);
  },
});

const COLUMNS: readonly Column<PartitionCheckpoint>[] = [
  {
    key: 'partition',
    title: 'Partition',
    align: 'end',
    width: '90px',
    value: (row) => row.partition,
    cell: (row) => row.partition,
  },
  { key: 'region', title: 'Region', width: '110px', value: (row) => row.region, cell: (row) => row.region },
  {
    key: 'taken',
    title: 'Last success',
    width: 'minmax(130px, 1fr)',
    align: 'end',
    value: (row) => row.takenAt,
    cell: (row) => (row.takenAt === null ? '–' : <TimeAgo at={row.takenAt} />),
  },
  measured('customers', 'Customers', (row) => row.customers, formatNumber),
  measured('raw', 'Size', (row) => row.rawBytes, formatBytes),
  measured('stored', 'Stored', (row) => row.storedBytes, formatBytes),
  measured('read', 'Read', (row) => row.readMs, formatMs),
  measured('total', 'Altogether', (row) => row.totalMs, formatMs),
];

interface CheckpointTableProps {
  partitions: readonly PartitionCheckpoint[];
  intervalMs: number;
}

/** Every partition with its newest snapshot. Overdue: neither taken nor seen without news for two intervals. */
export function CheckpointTable({ partitions, intervalMs }: CheckpointTableProps) {
  const state: Column<PartitionCheckpoint> = {
    key: 'state',
    title: 'State',
    width: '130px',
    value: (row) => standingOf(row, intervalMs).word,
    cell: (row) => {
      const { tone, word, title } = standingOf(row, intervalMs);
      return (
        <StatusBadge tone={tone} title={title}>
          {word}
        </StatusBadge>
      );
    },
  };
  return (
    <DataTable
      label="Snapshots by partition"
      columns={[...COLUMNS, state]}
      rows={partitions}
      rowKey={({ shardId, partition }) => `${shardId}.${partition}`}
      height={380}
      exportName="checkpoints"
      empty={
        <EmptyState title="No partition has state yet" compact>
          The first snapshot follows the first event within an interval.
        </EmptyState>
      }
    />
  );
}

function standingOf({ takenAt, checkedAt }: PartitionCheckpoint, intervalMs: number) {
  if (takenAt === null || checkedAt === null)
    return { tone: 'neutral', word: 'not yet', title: undefined } as const;
  const title = `looked at ${formatDateTime(checkedAt)}`;
  if (Date.now() - checkedAt > 2 * intervalMs + 10_000)
    return { tone: 'warn', word: 'overdue', title } as const;
  return { tone: 'good', word: checkedAt > takenAt ? 'no news since' : 'current', title } as const;
}
