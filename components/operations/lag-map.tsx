'use client';
import { memo } from 'react';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { numberColumn, regionColumns } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { type RegionNames, regionNames } from '@/components/ui/region-names';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import type { LagRow, OperationsSnapshot } from '@/server/observability/operations.schema';
import styles from './lag-map.module.css';
import { toneOfLag } from './strip';

interface PartitionLine {
  shardId: number;
  partition: number;
  group: 'main' | 'archive';
  seconds: number | null;
  backlog: number;
  owner: string | null;
}

function lineOf(
  [shardId, partition, group, seconds, backlog, owner]: LagRow,
  owners: readonly string[],
): PartitionLine {
  return { shardId, partition, group, seconds, backlog, owner: owners[owner] ?? null };
}

/** Why a partition's lag is not known. */
function reasonOf(line: PartitionLine): string {
  return line.owner === null ? 'no live worker has been heard of' : 'its worker has been silent for over 1 s';
}

/** Lag of every partition: a field of squares to find the odd one, and the table behind it. */
export const LagMap = memo(function LagMap({ lag }: { lag: OperationsSnapshot['lag'] | undefined }) {
  const [shown, setShown] = useAddressParam('group', 'main');
  const group = shown === 'archive' ? 'archive' : 'main';
  const lines = lag?.rows.map((row) => lineOf(row, lag.owners)).filter((line) => line.group === group);
  return (
    <Pane
      id="lag"
      title="Which partition is behind?"
      padded={false}
      actions={
        <Choice
          label="Processor group"
          value={group}
          onChange={setShown}
          options={[
            { value: 'main', label: 'Processing' },
            { value: 'archive', label: 'Archive' },
          ]}
        />
      }
    >
      <LagBody lines={lines} regions={regionNames(lag?.regions ?? [])} unread={lag?.at === null} />
    </Pane>
  );
});

interface LagBodyProps {
  lines: PartitionLine[] | undefined;
  regions: RegionNames | null;
  unread: boolean;
}

function LagBody({ lines, regions, unread }: LagBodyProps) {
  if (!lines) {
    return (
      <div className={styles.waiting}>
        <SkeletonLines lines={9} />
      </div>
    );
  }
  if (unread) {
    return (
      <EmptyState icon="alert" title="Not known">
        The log could not be read just now. Nothing is lost: what was acknowledged is on disk.
      </EmptyState>
    );
  }
  if (lines.length === 0) {
    return (
      <EmptyState
        title="No partition has held an event yet"
        action={<a href="/sources/first-event">Send your first event</a>}
      >
        Partitions show here with their lag from their first event on.
      </EmptyState>
    );
  }
  return (
    <>
      <div className={styles.field} aria-hidden="true">
        {lines.map((line) => (
          <span
            key={nameOf(line)}
            className={styles.cell}
            data-tone={line.seconds === null ? 'unknown' : toneOfLag(line.seconds)}
            data-busy={line.backlog > 0}
            title={`${nameOf(line)}${regions ? ` in ${regions(line.shardId)}` : ''}: ${wordsOf(line)}`}
          >
            {cellText(line)}
          </span>
        ))}
      </div>
      <DataTable
        label="Lag by partition"
        columns={[PARTITION, ...regionColumns<PartitionLine>(regions, '70px'), ...FIGURES]}
        rows={lines}
        rowKey={nameOf}
        rowHeight={28}
        height={214}
        initialSort={{ key: 'seconds', descending: true }}
        exportName="lag"
      />
    </>
  );
}

const nameOf = ({ shardId, partition }: PartitionLine) => `${shardId}.${partition}`;

function wordsOf(line: PartitionLine): string {
  const lag = line.seconds === null ? reasonOf(line) : `${formatNumber(line.seconds)} s`;
  return `${lag}, backlog ${line.backlog}`;
}

function cellText({ seconds, partition }: PartitionLine): string {
  if (seconds === null) return '–';
  return seconds >= 1 ? formatNumber(Math.round(seconds)) : String(partition);
}

const PARTITION: Column<PartitionLine> = {
  key: 'partition',
  title: 'Partition',
  width: '74px',
  cell: nameOf,
  value: (line) => line.partition,
};
const FIGURES: Column<PartitionLine>[] = [
  {
    key: 'seconds',
    title: 'Lag, s',
    width: '76px',
    align: 'end',
    cell: (line) => <LagValue line={line} />,
    value: (line) => line.seconds,
  },
  numberColumn({ key: 'backlog', title: 'Backlog, events', width: '108px', value: (line) => line.backlog }),
  {
    key: 'owner',
    title: 'Held by',
    cell: (line) =>
      line.owner ?? <span className={styles.nobody}>nobody{line.backlog > 0 ? '' : ', idle'}</span>,
    value: (line) => line.owner ?? '',
  },
];

function LagValue({ line }: { line: PartitionLine }) {
  if (line.seconds === null) return <span title={reasonOf(line)}>–</span>;
  return (
    <span className={styles.seconds} data-tone={toneOfLag(line.seconds)}>
      {formatNumber(line.seconds)}
    </span>
  );
}
