'use client';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { formatDateTime } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { TimeAgo } from '@/components/ui/time-ago';
import type { Role } from '@/server/identity/policy';
import { ListTable } from './list-table';
import { roleLabel } from './role-options';
import styles from './settings.module.css';

interface Invitation {
  id: string;
  email: string;
  role: Role;
  createdAt: number;
  expiresAt: number;
}

const COLUMNS: readonly CsvColumn<Invitation>[] = [
  { title: 'Email', value: ({ email }) => email },
  { title: 'Role', value: ({ role }) => roleLabel(role) },
  { title: 'Made', value: ({ createdAt }) => isoTime(createdAt) },
  { title: 'Works until', value: ({ expiresAt }) => isoTime(expiresAt) },
];

/** Invitations nobody has accepted yet. */
export function Invitations({ invitations }: { invitations: readonly Invitation[] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const takeBack = useMutation(
    trpc.people.takeBackInvitation.mutationOptions({
      onSettled: () => queries.invalidateQueries(trpc.people.list.queryFilter()),
    }),
  );
  return (
    <Pane title="Open invitations" note={String(invitations.length)} padded={false}>
      <ListTable
        label="Open invitations"
        titles={['Email', 'Role', 'Made', 'Works until']}
        list="invitations"
        columns={COLUMNS}
        rows={invitations}
      >
        {invitations.map(({ id, email, role, createdAt, expiresAt }) => (
          <tr key={id}>
            <td>{email}</td>
            <td>{roleLabel(role)}</td>
            <td>
              <TimeAgo at={createdAt} />
            </td>
            <td>{formatDateTime(expiresAt)}</td>
            <td className={styles.end}>
              <Button variant="default" onClick={() => takeBack.mutate({ invitationId: id })}>
                Take back
              </Button>
            </td>
          </tr>
        ))}
      </ListTable>
    </Pane>
  );
}
