'use client';
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import type { CsvColumn } from '@/components/ui/csv';
import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import type { Role } from '@/server/identity/policy';
import { ListTable } from './list-table';
import { roleLabel } from './role-options';
import styles from './settings.module.css';

interface WorkspaceRow {
  workspaceId: string;
  name: string;
  role: Role;
  current: boolean;
}

const COLUMNS: readonly CsvColumn<WorkspaceRow>[] = [
  { title: 'Name', value: ({ name }) => name },
  { title: 'Role', value: ({ role }) => roleLabel(role) },
];

/** The workspaces a person is in; this session works in one of them at a time. */
export function Workspaces({ workspaces }: { workspaces: readonly WorkspaceRow[] }) {
  const trpc = useTRPC();
  const move = useMutation(
    trpc.me.switchWorkspace.mutationOptions({ onSuccess: () => window.location.assign('/') }),
  );
  return (
    <Pane title="Workspaces" note={String(workspaces.length)} padded={false}>
      <ListTable
        label="Workspaces"
        titles={['Name', 'Role']}
        list="workspaces"
        columns={COLUMNS}
        rows={workspaces}
      >
        {workspaces.map(({ workspaceId, name, role, current }) => (
          <tr key={workspaceId}>
            <td>{name}</td>
            <td>{roleLabel(role)}</td>
            <td className={styles.end}>
              {current ? (
                <StatusBadge tone="good">open</StatusBadge>
              ) : (
                <Button variant="default" onClick={() => move.mutate({ workspaceId })}>
                  Open
                </Button>
              )}
            </td>
          </tr>
        ))}
      </ListTable>
    </Pane>
  );
}
