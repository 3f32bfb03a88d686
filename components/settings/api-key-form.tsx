'use client';
import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { Drawer } from '@/components/ui/drawer';
import { wordsOf } from '@/components/ui/toast';
import { API_SCOPES, type ApiScope } from '@/server/identity/policy';
import { useSecretDialog } from './secret-dialog';
import styles from './settings.module.css';

const ABOUT = {
  'metrics:read': 'totals, lag, RFM, digest, dead letters',
  'customers:read': "a customer's card",
  'consent:read': 'opt-outs as they stand',
  'consent:write': 'opt customers out',
  'messages:read': 'what became of a message',
} as const satisfies Record<ApiScope, string>;

const TERMS = [
  { value: 'none', label: 'Until it is revoked' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

/** Adds a key for programs; it is shown once. */
export function ApiKeyForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const secret = useSecretDialog();
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<string[]>(['metrics:read']);
  const [term, setTerm] = useState('none');
  const create = useMutation(
    trpc.apiKeys.create.mutationOptions({
      onSuccess: () => queries.invalidateQueries(trpc.apiKeys.list.queryFilter()),
      onError: () => undefined,
    }),
  );
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const chosen = API_SCOPES.filter((scope) => scopes.includes(scope));
    const expiresInDays = term === 'none' ? null : Number(term);
    const made = await create.mutateAsync({ name, scopes: chosen, expiresInDays }).catch(() => null);
    if (made === null) return;
    secret.show({
      title: `API key ${name}`,
      value: made.apiKey,
      about: 'Programs send it as Authorization: Bearer <key>.',
    });
    setName('');
    onClose();
  };
  return (
    <>
      <Drawer opened={open} onClose={onClose} title="Add an API key">
        <form className={styles.form} onSubmit={submit}>
          <TextInput
            label="Name"
            description="The program that will use it."
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={create.isError ? wordsOf(create.error) : undefined}
            maxLength={80}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Checkbox.Group label="Scopes" value={scopes} onChange={setScopes}>
            <div className={styles.form} style={{ gap: 8, marginTop: 6 }}>
              {API_SCOPES.map((scope) => (
                <Checkbox key={scope} value={scope} label={`${scope} – ${ABOUT[scope]}`} />
              ))}
            </div>
          </Checkbox.Group>
          <Select
            label="Works for"
            data={TERMS}
            value={term}
            allowDeselect={false}
            onChange={(_value, option) => option && setTerm(option.value)}
          />
          <Button type="submit" loading={create.isPending} disabled={scopes.length === 0}>
            Add and show the key
          </Button>
        </form>
      </Drawer>
      {secret.dialog}
    </>
  );
}
