'use client';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTRPC } from '@/components/api';
import { useConfirm } from '@/components/ui/confirm';
import { type CsvColumn, isoTime } from '@/components/ui/csv';
import { formatDateTime } from '@/components/ui/format';
import { Pane } from '@/components/ui/pane';
import { EmptyState, ErrorState, SkeletonLines } from '@/components/ui/states';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import { ListTable } from './list-table';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page';

const ApiKeyForm = dynamic(() => import('./api-key-form').then((module) => module.ApiKeyForm), {
  ssr: false,
});

const HELP = [
  {
    title: 'For programs',
    text: 'An API key opens the REST interface at /api/v1, for the scopes it was given and this workspace only. The description is at /api/openapi.json.',
  },
  {
    title: 'Once',
    text: 'A key is shown once and kept as a hash. A revoked key is refused within a second.',
  },
];

interface ApiKeyRow {
  id: string;
  name: string;
  keyHint: string;
  scopes: string[];
  lastUsedAt: number | null;
  expiresAt: number | null;
  revokedAt: number | null;
}

const COLUMNS: readonly CsvColumn<ApiKeyRow>[] = [
  { title: 'Name', value: ({ name }) => name },
  { title: 'Key', value: ({ keyHint }) => keyHint },
  { title: 'Scopes', value: ({ scopes }) => scopes.join(', ') },
  { title: 'Last used', value: ({ lastUsedAt }) => isoTime(lastUsedAt) },
  { title: 'Works until', value: ({ expiresAt }) => isoTime(expiresAt) },
  { title: 'State', value: ({ revokedAt }) => (revokedAt === null ? 'in use' : 'revoked') },
];

/** Keys for programs on the REST interface. */
export function ApiKeys() {
  const trpc = useTRPC();
  const keys = useQuery(trpc.apiKeys.list.queryOptions());
  const [adding, setAdding] = useState(false);
  // Stays once it was opened: it shows the new key after the form has closed.
  const [wanted, setWanted] = useState(false);
  const add = () => {
    setWanted(true);
    setAdding(true);
  };
  return (
    <SettingsPage action="apiKey.read" help={HELP}>
      <Pane
        title="API keys"
        note={<a href="/api/openapi.json">OpenAPI description</a>}
        padded={false}
        actions={
          <Button variant="default" onClick={add}>
            Add a key
          </Button>
        }
      >
        {keys.isPending && <SkeletonLines lines={3} />}
        {keys.isError && <ErrorState compact onRetry={() => keys.refetch()} />}
        {keys.data?.length === 0 && (
          <EmptyState title="No key yet">Add one to read figures and set opt-outs from a program.</EmptyState>
        )}
        {keys.data && keys.data.length > 0 && <KeyRows rows={keys.data} />}
      </Pane>
      {wanted && <ApiKeyForm open={adding} onClose={() => setAdding(false)} />}
    </SettingsPage>
  );
}

function KeyRows({ rows }: { rows: readonly ApiKeyRow[] }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const { dialog, confirm } = useConfirm();
  const revoke = useMutation(
    trpc.apiKeys.revoke.mutationOptions({
      onSuccess: () => queries.invalidateQueries(trpc.apiKeys.list.queryFilter()),
      onError: () => undefined,
    }),
  );
  const ask = (row: ApiKeyRow) =>
    confirm({
      title: `Revoke ${row.name}?`,
      loses: `Programs with the key ${row.keyHint} get 401 within a second, for good.`,
      verb: 'Revoke',
      destructive: true,
      act: () => revoke.mutateAsync({ keyId: row.id }),
    });
  return (
    <>
      <ListTable
        label="API keys"
        titles={['Name', 'Key', 'Scopes', 'Last used', 'Works until', 'State']}
        list="api-keys"
        columns={COLUMNS}
        rows={rows}
      >
        {rows.map((row) => (
          <tr key={row.id} data-off={row.revokedAt !== null}>
            <td>{row.name}</td>
            <td className={styles.mono}>{row.keyHint}</td>
            <td className={styles.breaks}>{row.scopes.join(', ')}</td>
            <td>{row.lastUsedAt === null ? 'never' : <TimeAgo at={row.lastUsedAt} />}</td>
            <td>{row.expiresAt === null ? 'revoked by hand' : formatDateTime(row.expiresAt)}</td>
            <td>
              <StatusBadge tone={row.revokedAt === null ? 'good' : 'neutral'}>
                {row.revokedAt === null ? 'in use' : 'revoked'}
              </StatusBadge>
            </td>
            <td className={styles.end}>
              {row.revokedAt === null && (
                <Button variant="default" onClick={() => ask(row)} aria-label={`Revoke ${row.name}`}>
                  Revoke
                </Button>
              )}
            </td>
          </tr>
        ))}
      </ListTable>
      {dialog}
    </>
  );
}
