import { toneOfLag } from '@/components/operations/strip';
import { useAddressParam } from '@/components/ui/address';
import { Choice } from '@/components/ui/choice';
import { numberColumn, regionColumns } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { regionNames } from '@/components/ui/region-names';
import { EmptyState, SkeletonLines } from '@/components/ui/states';
import type { LagBoardRow, LagBoardSnapshot } from '@/server/scaling/lag-board.schema';
import styles from './lag-page.module.css';
import { GROUP_OPTIONS, nameOf, type ProcessorGroup, unknownReason } from './use-lag-board';

/** Every partition of a group with what its lag is made of. */
export function LagTable({ snapshot }: { snapshot: LagBoardSnapshot | null }) {
  const [shown, setShown] = useAddressParam('group', 'main');
  const group: ProcessorGroup = shown === 'archive' ? 'archive' : 'main';
  return (
    <Pane
      title="Which partition is behind?"
      padded={false}
      actions={<Choice label="Processor group" value={group} onChange={setShown} options={GROUP_OPTIONS} />}
    >
      {snapshot ? (
        <DataTable
          label="Lag by partition"
          columns={[
            PARTITION,
            ...regionColumns<LagBoardRow>(regionNames(snapshot.regions), '110px'),
            ...FIGURES,
          ]}
          rows={snapshot.rows.filter((row) => row.group === group)}
          rowKey={nameOf}
          rowHeight={28}
          height={420}
          initialSort={{ key: 'lag', descending: true }}
          exportName={`lag-${group}`}
          empty={<EmptyState title={snapshot.problem ? 'Not known' : 'No partition has held an event yet'} />}
        />
      ) : (
        <div className={styles.waiting}>
          <SkeletonLines lines={10} />
        </div>
      )}
    </Pane>
  );
}

const rate = (value: number | null) => (value === null ? null : Math.round(value * 10) / 10);

const PARTITION: Column<LagBoardRow> = {
  key: 'partition',
  title: 'Partition',
  width: '90px',
  cell: nameOf,
  value: (row) => row.partition,
};
const FIGURES: Column<LagBoardRow>[] = [
  {
    key: 'lag',
    title: 'Lag, s',
    width: '84px',
    align: 'end',
    cell: (row) => <LagValue row={row} />,
    value: (row) => row.lagSeconds,
  },
  numberColumn({ key: 'backlog', title: 'Backlog, events', width: '120px', value: (row) => row.backlog }),
  numberColumn({ key: 'in', title: 'In, events/s', width: '104px', value: (row) => rate(row.arriving) }),
  numberColumn({ key: 'out', title: 'Out, events/s', width: '108px', value: (row) => rate(row.processed) }),
  {
    key: 'outlook',
    title: 'Drains or breaches in',
    width: '160px',
    cell: outlookText,
    value: (row) => row.drainSeconds ?? row.breachSeconds,
  },
  {
    key: 'owner',
    title: 'Held by',
    cell: (row) =>
      row.owner ?? <span className={styles.nobody}>nobody{row.backlog > 0 ? '' : ', idle'}</span>,
    value: (row) => row.owner ?? '',
  },
];

function outlookText({ breachSeconds, drainSeconds, backlog }: LagBoardRow): string {
  if (breachSeconds !== null) return `breach in ${formatDuration(breachSeconds * 1_000)}`;
  if (drainSeconds !== null) return `drained in ${formatDuration(drainSeconds * 1_000)}`;
  return backlog === 0 ? 'drained' : 'not draining';
}

function LagValue({ row }: { row: LagBoardRow }) {
  if (row.lagSeconds === null) return <span title={unknownReason(row)}>–</span>;
  return (
    <span className={styles.lag} data-tone={toneOfLag(row.lagSeconds)}>
      {formatNumber(Math.round(row.lagSeconds * 100) / 100)}
    </span>
  );
}
