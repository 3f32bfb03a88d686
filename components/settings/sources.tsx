'use client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { ActionMenu } from '@/components/ui/action-menu';
import { useConfirm } from '@/components/ui/confirm';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { formatWhole } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { ListTable } from './list-table';
import { useSecretDialog } from './secret-dialog';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page';
import type { SourceRow } from './source-form';

const SourceForm = dynamic(() => import('./source-form').then((module) => module.SourceForm), { ssr: false });

const HELP = [
  {
    title: 'Sources',
    text: 'A source is one place events come from, with a write key of its own. Repeated message ids are recognised within a source.',
  },
  {
    title: 'Platform',
    text: 'Usually told by the events themselves. Set it when a source is one platform only.',
  },
  {
    title: 'Region',
    text: 'A new source names one of the workspace’s regions, else it is in the first; an administrator adds regions under Workspace. Its events are kept, processed and counted there, and it stays: to move, add a source and hand out its key.',
  },
  {
    title: 'Known customers',
    text: 'Customers you know already come in from a CSV file, as events of a source of their own: Import customers.',
  },
  {
    title: 'Keys',
    text: 'A write key is shown once. A new key takes the place of the old one, which is refused within a second; so is the key of a revoked source.',
  },
];

const COLUMNS: readonly CsvColumn<SourceRow>[] = [
  { title: 'Name', value: ({ name }) => name },
  { title: 'Write key', value: ({ keyHint }) => keyHint },
  { title: 'Platform', value: ({ platform }) => platform ?? 'told by the events' },
  { title: 'Events/s at most', value: ({ eventsPerSec }) => eventsPerSec },
  { title: 'Region', value: ({ region }) => region },
  { title: 'State', value: ({ revokedAt }) => (revokedAt === null ? 'in use' : 'revoked') },
  { title: 'Made', value: ({ createdAt }) => isoTime(createdAt) },
];

/** Where events come from, with write keys, platform, region and rate. */
export function Sources() {
  const trpc = useTRPC();
  const sources = useQuery(trpc.sources.list.queryOptions());
  const [editing, setEditing] = useState<SourceRow | 'new' | null>(null);
  // Stays once it was opened: it shows a new source's key after the form has closed.
  const [wanted, setWanted] = useState(false);
  const edit = (source: SourceRow | 'new') => {
    setWanted(true);
    setEditing(source);
  };
  const may = useMay();
  return (
    <SettingsPage action="source.read" help={HELP}>
      <Pane
        title="Sources"
        padded={false}
        actions={
          <>
            {may('customer.import') && (
              <Button variant="default" c="var(--mr-text)" component={PageLink} href="/sources/import">
                Import customers
              </Button>
            )}
            {may('source.write') && (
              <Button variant="default" onClick={() => edit('new')}>
                Add a source
              </Button>
            )}
          </>
        }
      >
        {sources.isPending && <SkeletonLines lines={3} />}
        {sources.isError && <ErrorState compact onRetry={() => sources.refetch()} />}
        {sources.data?.length === 0 && (
          <EmptyState title="No source yet" icon="sources">
            Add one to get a write key, then send your first event.
          </EmptyState>
        )}
        {sources.data && sources.data.length > 0 && <SourceRows rows={sources.data} onEdit={edit} />}
      </Pane>
      {wanted && <SourceForm editing={editing} onClose={() => setEditing(null)} />}
    </SettingsPage>
  );
}

function SourceRows({ rows, onEdit }: { rows: readonly SourceRow[]; onEdit: (row: SourceRow) => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const secret = useSecretDialog();
  const { dialog, confirm } = useConfirm();
  const options = {
    onSuccess: () => queries.invalidateQueries(trpc.sources.list.queryFilter()),
    onError: () => undefined,
  };
  const rotate = useMutation(trpc.sources.rotateKey.mutationOptions(options));
  const revoke = useMutation(trpc.sources.revoke.mutationOptions(options));
  const mayWrite = useMay()('source.write');
  const askRotate = (row: SourceRow) =>
    confirm({
      title: `New write key for ${row.name}?`,
      loses: `The key ${row.keyHint} is refused within a second: whoever sends with it gets 401 until they have the new one.`,
      verb: 'Make a new key',
      destructive: true,
      act: async () => {
        const { writeKey } = await rotate.mutateAsync({ sourceId: row.id });
        secret.show({
          title: `Write key of ${row.name}`,
          value: writeKey,
          about: 'Clients send it as the user of basic auth.',
        });
      },
    });
  const askRevoke = (row: SourceRow) =>
    confirm({
      title: `Revoke ${row.name}?`,
      loses: 'Its write key is refused within a second, for good. The events it has sent stay.',
      verb: 'Revoke',
      destructive: true,
      act: () => revoke.mutateAsync({ sourceId: row.id }),
    });
  return (
    <>
      <ListTable
        label="Sources"
        titles={['Name', 'Write key', 'Platform', 'Events/s at most', 'Region', 'State', 'Made']}
        list="sources"
        columns={COLUMNS}
        rows={rows}
      >
        {rows.map((row) => (
          <tr key={row.id} data-off={row.revokedAt !== null}>
            <td>{row.name}</td>
            <td className={styles.mono}>{row.keyHint}</td>
            <td>{row.platform ?? 'told by the events'}</td>
            <td>{formatWhole(row.eventsPerSec)}</td>
            <td>{row.region}</td>
            <td>
              <StatusBadge tone={row.revokedAt === null ? 'good' : 'neutral'}>
                {row.revokedAt === null ? 'in use' : 'revoked'}
              </StatusBadge>
            </td>
            <td>
              <TimeAgo at={row.createdAt} />
            </td>
            <td className={styles.end}>
              {mayWrite && row.revokedAt === null && (
                <ActionMenu
                  label={`Actions for ${row.name}`}
                  actions={[
                    { label: 'Change', run: () => onEdit(row) },
                    { label: 'New write key', run: () => askRotate(row) },
                    { label: 'Revoke', destructive: true, run: () => askRevoke(row) },
                  ]}
                />
              )}
            </td>
          </tr>
        ))}
      </ListTable>
      {secret.dialog}
      {dialog}
    </>
  );
}
