import { type Column, DataTable } from '@/components/ui/data-table';
import { formatNumber } from '@/components/ui/format';
import { TimeAgo } from '@/components/ui/time-ago';
import { formatBytes } from './bytes';
import type { KindGrowth, StateOverview } from './state-data';

const WORDS: Record<KindGrowth['kind'], string> = {
  customers: 'Customers',
  parts: 'Long carts, sealed',
  redirects: 'Linked keys',
  consent: 'Consent flags',
  timers: 'Timers',
  queue: 'Agents’ queue',
  cooldowns: 'Promotions resting',
  log: 'Log, not yet trimmed',
  outputs: 'Outputs for the archive',
};

const signed = (value: number, format: (value: number) => string) =>
  `${value > 0 ? '+' : ''}${format(value)}`;

/** Entries and memory of each kind of state, how it grew, and after how long it leaves. */
export function StateInventory({ data }: { data: StateOverview }) {
  const ages: Partial<Record<KindGrowth['kind'], string>> = {
    customers: daysOf(data.policy.inactiveDays),
    cooldowns: daysOf(data.policy.cooldownDays),
    parts: 'with their customer',
    consent: 'never: record wins',
    redirects: 'never: they join keys',
    timers: 'when they fire',
    queue: 'with its reason',
    log: 'once all have read it',
    outputs: 'once archived',
  };
  const columns: readonly Column<KindGrowth>[] = [
    {
      key: 'kind',
      title: 'Kind',
      width: 'minmax(180px, 1.3fr)',
      value: (row) => WORDS[row.kind],
      cell: (row) => WORDS[row.kind],
    },
    {
      key: 'keys',
      width: '80px',
      title: 'Entries',
      align: 'end',
      value: (row) => row.keys,
      cell: (row) => formatNumber(row.keys),
    },
    {
      key: 'bytes',
      width: '90px',
      title: 'Memory',
      align: 'end',
      value: (row) => row.bytes,
      cell: (row) => formatBytes(row.bytes),
    },
    {
      key: 'grown',
      title: 'Growth',
      align: 'end',
      width: 'minmax(110px, 0.8fr)',
      value: (row) => row.grown?.keys ?? null,
      cell: ({ grown }) =>
        grown === null ? (
          <span title="no earlier sample yet">–</span>
        ) : (
          <span>
            {signed(grown.keys, formatNumber)} in <TimeAgo at={grown.since} suffix="" />
          </span>
        ),
    },
    {
      key: 'oldest',
      width: '70px',
      title: 'Oldest',
      align: 'end',
      cell: ({ kind }) =>
        kind === 'customers' && data.oldestAt !== null ? <TimeAgo at={data.oldestAt} suffix="" /> : '–',
    },
    {
      key: 'leaves',
      title: 'Leaves',
      width: 'minmax(190px, 1.3fr)',
      value: ({ kind }) => ages[kind] ?? null,
      cell: ({ kind }) => ages[kind] ?? '–',
    },
  ];
  return (
    <DataTable
      label="Inventory of the state"
      columns={columns}
      rows={data.kinds}
      rowKey={({ kind }) => kind}
      height={370}
      exportName="state-inventory"
    />
  );
}

function daysOf(days: number | null): string {
  return days === null ? 'never' : `after ${days} days`;
}
