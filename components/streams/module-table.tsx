'use client';
import { toneOfLag } from '@/components/operations/strip';
import { numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatCount, formatDuration, formatNumber } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { moduleOf } from '@/server/scaling/module.schema';
import type { RunningModule, RunningModules } from './modules-data';
import styles from './modules-page.module.css';
import type { LagBoardView } from './use-lag-board';

interface ModuleTableProps {
  running: RunningModules;
  board: LagBoardView;
  selected: string;
  onOpen: (key: string) => void;
}

/** Every module with its processes, builds and lag. */
export function ModuleTable({ running, board, selected, onOpen }: ModuleTableProps) {
  return (
    <>
      <DataTable
        label="Modules"
        columns={columnsOf(running, board)}
        rows={running.modules}
        rowKey={({ key }) => key}
        selectedKey={selected || null}
        onOpen={({ key }) => onOpen(key)}
        exportName="modules"
        height={330}
      />
      <p className={styles.read}>
        Read <TimeAgo at={running.at} />. Open a row for what hangs on it.
      </p>
    </>
  );
}

const heardOf = ({ instances }: RunningModule) => instances.filter(({ silent }) => !silent);

function columnsOf({ startsOverMs }: RunningModules, board: LagBoardView): Column<RunningModule>[] {
  return [
    textColumn({ key: 'name', title: 'Module', width: '120px', value: ({ key }) => moduleOf(key).name }),
    {
      key: 'state',
      title: 'Now',
      width: '140px',
      value: (row) => standingOf(row).word,
      cell: (row) => {
        const { tone, word } = standingOf(row);
        return <StatusBadge tone={tone}>{word}</StatusBadge>;
      },
    },
    {
      key: 'workers',
      title: 'Processes',
      width: 'minmax(0, 1.3fr)',
      value: (row) =>
        heardOf(row)
          .map(({ worker }) => worker)
          .join(', '),
      cell: (row) =>
        heardOf(row)
          .map(({ worker }) => worker)
          .join(', ') || '–',
    },
    {
      key: 'build',
      title: 'Build',
      width: 'minmax(0, 1.5fr)',
      value: ({ builds }) => builds.join(', '),
      cell: ({ builds }) => (builds.length === 0 ? '–' : <BuildNames builds={builds} />),
    },
    {
      key: 'since',
      title: 'Up since',
      width: '110px',
      align: 'end',
      value: (row) => heardOf(row)[0]?.startedAt ?? null,
      cell: (row) => {
        const [oldest] = heardOf(row);
        return oldest ? <TimeAgo at={oldest.startedAt} /> : '–';
      },
    },
    {
      key: 'lag',
      title: 'Lag now',
      width: '150px',
      align: 'end',
      value: (row) => lagOf(row, board).seconds,
      cell: (row) => <LagCell row={row} board={board} />,
    },
    numberColumn({
      key: 'starts',
      title: `Starts, ${formatDuration(startsOverMs)}`,
      width: '100px',
      value: ({ starts }) => starts,
    }),
  ];
}

function BuildNames({ builds }: { builds: readonly string[] }) {
  if (builds.length === 1) return <code className={styles.build}>{builds[0]}</code>;
  return (
    <span title={builds.join(', ')}>
      <StatusBadge tone="warn">{formatCount(builds.length, 'build')}</StatusBadge>{' '}
      <code className={styles.build}>{builds.join(' ')}</code>
    </span>
  );
}

function standingOf(row: RunningModule) {
  const heard = heardOf(row).length;
  if (heard === 0 && row.instances.length > 0) return { tone: 'bad', word: 'silent' } as const;
  if (heard === 0) return { tone: 'bad', word: 'not running' } as const;
  const silent = row.instances.length - heard;
  if (silent > 0) return { tone: 'warn', word: `${heard} of ${heard + silent} heard` } as const;
  return { tone: 'good', word: heard === 1 ? 'runs' : `${heard} run` } as const;
}

/** Only what follows the log has a lag; one that cannot be known is a dash with its reason. */
function lagOf({ key }: RunningModule, { data, reason }: LagBoardView) {
  const { group } = moduleOf(key);
  if (group === null) return { seconds: null, at: null, why: 'It follows no log.', none: true };
  const found = data?.groups.find((one) => one.group === group);
  const why = data?.problem ?? found?.reason ?? reason ?? 'not read yet';
  return { seconds: found?.lagSeconds ?? null, at: data?.at ?? null, why, none: false };
}

function LagCell({ row, board }: { row: RunningModule; board: LagBoardView }) {
  const { seconds, at, why, none } = lagOf(row, board);
  if (none) return <span className={styles.quiet}>no log</span>;
  if (seconds === null)
    return (
      <span title={why}>
        –<span className="mr-visually-hidden">unknown: {why}</span>
      </span>
    );
  return (
    <span className={styles.lag} data-tone={toneOfLag(seconds)} data-stale={board.stale}>
      {formatNumber(seconds)} s{' '}
      {at !== null && (
        <span className={styles.quiet}>
          <TimeAgo at={at} />
        </span>
      )}
    </span>
  );
}
