'use client';
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useConfirm } from '@/components/ui/confirm';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { Pane } from '@/components/ui/pane';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { ListTable } from './list-table';
import styles from './settings.module.css';

interface SessionRow {
  id: string;
  current: boolean;
  device: string;
  createdAt: number;
  usedAt: number;
}

const COLUMNS: readonly CsvColumn<SessionRow>[] = [
  { title: 'Device', value: ({ device }) => device },
  { title: 'Signed in', value: ({ createdAt }) => isoTime(createdAt) },
  { title: 'Last refreshed', value: ({ usedAt }) => isoTime(usedAt) },
];

/** Where the person is signed in. */
export function Sessions({ sessions }: { sessions: readonly SessionRow[] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { dialog, confirm } = useConfirm();
  const end = useMutation(
    trpc.me.endSession.mutationOptions({ onSettled: () => queries.invalidateQueries(trpc.me.pathFilter()) }),
  );
  const endAll = useMutation(trpc.me.signOutEverywhere.mutationOptions({ onError: () => undefined }));
  const askAll = () =>
    confirm({
      title: 'Sign out everywhere?',
      loses: `All ${sessions.length} of your sessions end at once, this one included.`,
      verb: 'Sign out everywhere',
      destructive: true,
      act: async () => {
        await endAll.mutateAsync();
        window.location.assign('/sign-in');
      },
    });
  return (
    <Pane
      title="Sessions"
      note={String(sessions.length)}
      padded={false}
      actions={
        <Button variant="default" onClick={askAll}>
          Sign out everywhere
        </Button>
      }
    >
      <ListTable
        label="Sessions"
        titles={['Device', 'Signed in', 'Last refreshed']}
        list="sessions"
        columns={COLUMNS}
        rows={sessions}
      >
        {sessions.map((session) => (
          <tr key={session.id}>
            <td>{session.device}</td>
            <td>
              <TimeAgo at={session.createdAt} />
            </td>
            <td>
              <TimeAgo at={session.usedAt} />
            </td>
            <td className={styles.end}>
              {session.current ? (
                <StatusBadge tone="good">this one</StatusBadge>
              ) : (
                <Button variant="default" onClick={() => end.mutate({ sessionId: session.id })}>
                  End
                </Button>
              )}
            </td>
          </tr>
        ))}
      </ListTable>
      {dialog}
    </Pane>
  );
}
