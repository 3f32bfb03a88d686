'use client';
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { isoTime } from '@/components/ui/csv';
import { type Column, DataTable } from '@/components/ui/data-table';
import { formatCount, formatNumber } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState } from '@/components/ui/states';
import { TimeAgo } from '@/components/ui/time-ago';
import styles from './rules.module.css';
import type { Audience, MembersNow } from './rules-data';

/** Who is in an audience changes with every event: counted again this often. */
const COUNT_MS = 30_000;

interface AudienceListProps {
  audiences: readonly Audience[];
  /** `new`: one that is not saved yet */
  onOpen: (id: string) => void;
}

/** Every audience: what it is, the rules that are for it, who is in it now, and who changed it last. */
export function AudienceList({ audiences, onOpen }: AudienceListProps) {
  const trpc = useTRPC();
  const mayWrite = useMay()('rule.write');
  const counted = useQuery(trpc.audiences.members.queryOptions(undefined, { refetchInterval: COUNT_MS }));
  return (
    <Pane
      title={formatCount(audiences.length, 'audience')}
      note={<CountedNote counted={counted.data} failed={counted.isError} />}
      padded={false}
    >
      <DataTable
        label="Audiences"
        columns={columnsOf(counted.isError ? undefined : counted.data)}
        rows={audiences}
        rowKey={({ id }) => id}
        onOpen={({ id }) => onOpen(id)}
        rowHeight={40}
        height={560}
        exportName="audiences"
        empty={
          <EmptyState
            icon="person"
            title="No audience yet"
            action={
              mayWrite && (
                <Button variant="default" onClick={() => onOpen('new')}>
                  New audience
                </Button>
              )
            }
            compact
          >
            An audience says once whom rules are for, such as customers with three orders. Rules name it;
            until then each is for everyone.
          </EmptyState>
        }
      />
    </Pane>
  );
}

function CountedNote({ counted, failed }: { counted: MembersNow | undefined; failed: boolean }) {
  if (failed) return 'members unknown: the live customers cannot be read now';
  if (!counted) return 'counting members';
  return (
    <>
      members among {formatCount(counted.lookedAt, 'live customer')} looked at
      {counted.isSample && ', a sample: more may be visiting'}, <TimeAgo at={counted.at} />
    </>
  );
}

function columnsOf(counted: MembersNow | undefined): Column<Audience>[] {
  const members = new Map(counted?.audiences.map((row) => [row.id, row.members]));
  return [
    {
      key: 'name',
      title: 'Audience',
      width: 'minmax(170px, 1.5fr)',
      cell: (row) => <b>{row.name}</b>,
      value: (row) => row.name,
    },
    {
      key: 'description',
      title: 'Who they are',
      width: 'minmax(120px, 1.5fr)',
      cell: (row) => <span title={row.description}>{row.description}</span>,
      value: (row) => row.description,
    },
    {
      key: 'condition',
      title: 'Condition',
      width: 'minmax(150px, 1.5fr)',
      cell: (row) => (
        <code className={styles.condition} title={row.condition}>
          {row.condition}
        </code>
      ),
      value: (row) => row.condition,
    },
    {
      key: 'rules',
      title: 'Rules for it',
      width: 'minmax(120px, 1fr)',
      cell: (row) =>
        row.rules.length === 0 ? <span className={styles.quiet}>none</span> : <RuleNames rules={row.rules} />,
      value: (row) => row.rules.length,
      csv: (row) => row.rules.map(({ name }) => name).join(', '),
    },
    {
      key: 'members',
      title: 'Members now',
      width: '112px',
      align: 'end',
      cell: (row) => <Members members={members.get(row.id)} lookedAt={counted?.lookedAt} />,
      value: (row) => members.get(row.id) ?? null,
    },
    {
      key: 'changed',
      title: 'Last change',
      width: '176px',
      align: 'end',
      cell: (row) => (
        <>
          {row.updatedBy ?? 'former member'}, <TimeAgo at={row.updatedAt} />
        </>
      ),
      value: (row) => row.updatedAt,
      csv: (row) => `${row.updatedBy ?? 'former member'}, ${isoTime(row.updatedAt)}`,
    },
  ];
}

function RuleNames({ rules }: Pick<Audience, 'rules'>) {
  const names = rules.map(({ name }) => name).join(', ');
  return <span title={names}>{rules.length === 1 ? names : `${rules.length}: ${names}`}</span>;
}

function Members({
  members,
  lookedAt,
}: {
  members: number | null | undefined;
  lookedAt: number | undefined;
}) {
  if (members === null || members === undefined || lookedAt === undefined) {
    const reason = members === null ? 'The condition uses what is no longer offered' : 'Not counted yet';
    return <span title={reason}>–</span>;
  }
  return (
    <>
      {formatNumber(members)} <span className={styles.quiet}>of {formatNumber(lookedAt)}</span>
    </>
  );
}
