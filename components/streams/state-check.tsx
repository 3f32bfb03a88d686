import { type Column, DataTable } from '@/components/ui/data-table';
import { Figure } from '@/components/ui/figure';
import { formatDuration, formatNumber } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import styles from './state.module.css';
import type { StateOverview } from './state-data';

type Divergence = StateOverview['divergences'][number];

const COLUMNS: readonly Column<Divergence>[] = [
  { key: 'customer', title: 'Customer', value: (row) => row.customer, cell: (row) => row.customer },
  {
    key: 'partition',
    title: 'Partition',
    align: 'end',
    width: '90px',
    value: (row) => row.partition,
    cell: (row) => row.partition,
  },
  {
    key: 'parts',
    title: 'What differs',
    width: 'minmax(0, 1.6fr)',
    value: (row) => row.parts.join(', '),
    cell: (row) => row.parts.join(', '),
  },
  {
    key: 'found',
    title: 'Found',
    align: 'end',
    width: '120px',
    value: (row) => row.foundAt,
    cell: (row) => <TimeAgo at={row.foundAt} />,
  },
  {
    key: 'state',
    title: 'Now',
    width: '150px',
    value: (row) => (row.endedAt === null ? 'differs' : 'right again'),
    cell: (row) =>
      row.endedAt === null ? (
        <StatusBadge tone="bad">differs</StatusBadge>
      ) : (
        <StatusBadge tone="good">right again</StatusBadge>
      ),
  },
];

/** The running recomputation: how many differ, how much of the customers is covered and within what time. */
export function StateCheck({ data }: { data: StateOverview }) {
  const { check, divergences } = data;
  const open = divergences.filter(({ endedAt }) => endedAt === null).length;
  const { last } = check;
  return (
    <>
      <div className={styles.strip}>
        <Figure
          label="Divergent states"
          value={last === null && open === 0 ? null : open}
          unit="customers"
          window="as last recomputed"
          reason="the first pass is under way"
          at={last?.finishedAt ?? data.at}
          live={false}
          tone={open > 0 ? 'bad' : last === null ? 'neutral' : 'good'}
          toneWord={open > 0 ? 'look' : 'none'}
        />
        <Figure
          label="Recomputed"
          value={last?.checked ?? null}
          unit="customers"
          window="last whole pass"
          against={last ? `${formatNumber(last.skipped)} not comparable` : undefined}
          reason="the first pass is under way"
          at={last?.finishedAt}
          live={false}
        />
        <Figure
          label="This pass"
          value={`${formatNumber(Math.min(check.seen, check.customers))} of ${formatNumber(check.customers)}`}
          unit="customers"
          window={`a pass takes ${formatDuration(check.sweepMs)}`}
          at={check.startedAt}
          live={false}
        />
        <Figure
          label="Found within"
          value={formatDuration(check.detectionMs)}
          window={`period ${formatDuration(check.periodMs)}`}
          against={`holds up to ${formatNumber(check.covered)} customers`}
          live={false}
          tone={check.detectionMs > check.periodMs ? 'warn' : 'good'}
          toneWord={check.detectionMs > check.periodMs ? 'longer than the period' : 'in the period'}
        />
      </div>
      {divergences.length > 0 && (
        <div className={styles.list}>
          <DataTable
            label="Divergent states"
            columns={COLUMNS}
            rows={divergences}
            rowKey={({ customer, partition }) => `${partition} ${customer}`}
            height={240}
            exportName="divergent-states"
          />
        </div>
      )}
    </>
  );
}
