'use client';
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { Pane } from '@/components/ui/pane';
import { wordsOf } from '@/components/ui/toast';
import type { Role } from '@/server/identity/policy';
import { ROLE_HELP, ROLE_OPTIONS, roleOf } from './role-options';
import { useSecretDialog, wholeLink } from './secret-dialog';
import styles from './settings.module.css';

/** Invites an address; the link is shown once. */
export function InviteForm() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const secret = useSecretDialog();
  const [role, setRole] = useState<Role>('agent');
  const [email, setEmail] = useState('');
  const invite = useMutation(trpc.people.invite.mutationOptions({ onError: () => undefined }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const link = await invite.mutateAsync({ email, role }).catch(() => null);
    if (link === null) return;
    setEmail('');
    await queries.invalidateQueries(trpc.people.list.queryFilter());
    secret.show({
      title: 'Invitation',
      value: wholeLink(link.path),
      about: `Hand this link to ${email}, who joins as ${roleOf(role)}. It works once, for seven days.`,
    });
  };
  return (
    <Pane title="Invite">
      <div className={styles.beside}>
        <form className={styles.row} onSubmit={submit}>
          <TextInput
            className={styles.grow}
            label="Email"
            type="email"
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={invite.isError ? wordsOf(invite.error) : undefined}
            required
            withAsterisk={false}
          />
          <NativeSelect
            label="Role"
            data={ROLE_OPTIONS}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
          />
          <Button type="submit" loading={invite.isPending}>
            Make an invitation
          </Button>
        </form>
        <div className={styles.quiet}>{ROLE_HELP[role]}</div>
      </div>
      {secret.dialog}
    </Pane>
  );
}
