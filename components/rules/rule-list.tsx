'use client';
import { numberColumn, textColumn } from '@/components/ui/columns';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatCount } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { RuleSwitch } from './rule-switch';
import styles from './rules.module.css';
import { EVERYONE, type Rule } from './rules-data';

const COLUMNS: readonly Column<Rule>[] = [
  {
    key: 'on',
    title: 'On',
    width: '64px',
    cell: (row) => <RuleSwitch rule={row} />,
    value: (row) => (row.enabled ? 1 : 0),
  },
  {
    key: 'name',
    title: 'Rule',
    width: 'minmax(170px, 1.4fr)',
    cell: (row) => <b>{row.name}</b>,
    value: (row) => row.name,
  },
  textColumn({
    key: 'when',
    title: 'When',
    width: 'minmax(140px, 1.2fr)',
    value: (row) => row.definition.when.join(', '),
  }),
  textColumn({
    key: 'audience',
    title: 'For',
    width: 'minmax(90px, 0.8fr)',
    value: (row) => row.audience?.name ?? EVERYONE,
  }),
  textColumn({ key: 'purpose', title: 'Purpose', width: '96px', value: (row) => row.definition.purpose }),
  {
    key: 'useCase',
    title: 'Use case',
    width: 'minmax(115px, 1.6fr)',
    cell: (row) => row.useCase?.title ?? 'none',
    value: (row) => row.useCase?.title ?? null,
  },
  {
    key: 'state',
    title: 'State',
    width: 'minmax(110px, 0.7fr)',
    cell: (row) => <RuleState rule={row} />,
    value: (row) => (row.running ? 'running' : row.obstacles.join('; ')),
  },
  numberColumn({ key: 'hits', title: 'Hits, last hour', width: '112px', value: (row) => row.hitsLastHour }),
  numberColumn({
    key: 'heldOut',
    title: 'Held out',
    width: '78px',
    value: (row) => row.heldOutLastHour,
  }),
  numberColumn({
    key: 'customers',
    title: 'Customers',
    width: '90px',
    value: (row) => row.customersLastHour,
  }),
  {
    key: 'last',
    title: 'Last fired',
    width: '96px',
    align: 'end',
    cell: (row) =>
      row.lastFiredAt ? <TimeAgo at={row.lastFiredAt} /> : <span className={styles.quiet}>never</span>,
    value: (row) => row.lastFiredAt,
  },
];

/** What the rule really does: an enabled rule whose ground is gone does not run. */
export function RuleState({ rule }: { rule: Pick<Rule, 'running' | 'enabled' | 'obstacles' | 'conflicts'> }) {
  if (rule.running) {
    const [conflict] = rule.conflicts;
    if (!conflict) return <StatusBadge tone="good">running</StatusBadge>;
    return (
      <StatusBadge
        tone="warn"
        title="Same event and purpose, whatever their audiences and conditions: where both fire, the one of higher priority is shown"
      >
        running, overlaps {conflict.name}
      </StatusBadge>
    );
  }
  if (rule.enabled) return <StatusBadge tone="bad">stopped: {rule.obstacles.join('; ')}</StatusBadge>;
  return (
    <StatusBadge tone="neutral" title={rule.obstacles.join('; ')}>
      {rule.obstacles.length > 0 ? `off: ${rule.obstacles[0]}` : 'off'}
    </StatusBadge>
  );
}

interface RuleListProps {
  rules: readonly Rule[];
  at: number;
  onOpen: (id: string) => void;
}

export function RuleList({ rules, at, onOpen }: RuleListProps) {
  const running = rules.filter((rule) => rule.running).length;
  return (
    <Pane
      title={formatCount(rules.length, 'rule')}
      note={
        <>
          {running} running · hits as of <TimeAgo at={at} />
        </>
      }
      padded={false}
    >
      <DataTable
        label="Rules"
        columns={COLUMNS}
        rows={rules}
        rowKey={({ id }) => id}
        onOpen={({ id }) => onOpen(id)}
        rowHeight={40}
        height={560}
        exportName="rules"
        empty={
          <EmptyState icon="rules" title="No rule yet" compact>
            A rule advises an agent the moment something happens. Begin with an event, such as Payment Failed.
          </EmptyState>
        }
      />
    </Pane>
  );
}
