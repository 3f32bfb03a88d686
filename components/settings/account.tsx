'use client';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { postForm } from '@/components/sign-in/sign-in-call';
import { Pane } from '@/components/ui/pane';
import { ErrorState, SkeletonLines } from '@/components/ui/states';
import { toast } from '@/components/ui/toast';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@/server/identity/password-length.schema';
import { SecondFactor } from './second-factor';
import { Sessions } from './sessions';
import styles from './settings.module.css';
import { SettingsPage } from './settings-page';
import { Workspaces } from './workspaces';

const HELP = [
  {
    title: 'Second factor',
    text: 'With it on, signing in asks for a code of your authenticator app after the password. Keep the backup codes: each works once when the app is out of reach.',
  },
  {
    title: 'Sessions',
    text: 'Every place you are signed in. Ending one takes effect within a second, live connections included.',
  },
];

/** The signed-in person's own account. */
export function Account() {
  const trpc = useTRPC();
  const account = useQuery(trpc.me.account.queryOptions());
  return (
    <SettingsPage action="self.read" help={HELP}>
      {account.isPending && <SkeletonLines lines={8} />}
      {account.isError && <ErrorState onRetry={() => account.refetch()} />}
      {account.data && (
        <div className={styles.halves}>
          <div className={styles.column}>
            <Pane title="You" note={account.data.email} className={styles.narrow}>
              <NameForm name={account.data.name} />
            </Pane>
            <Pane title="Password" className={styles.narrow}>
              <PasswordForm />
            </Pane>
          </div>
          <div className={styles.column}>
            <Pane title="Second factor" className={styles.narrow}>
              <SecondFactor on={account.data.secondFactor} />
            </Pane>
            <Sessions sessions={account.data.sessions} />
            {account.data.workspaces.length > 1 && <Workspaces workspaces={account.data.workspaces} />}
          </div>
        </div>
      )}
    </SettingsPage>
  );
}

function NameForm({ name: present }: { name: string }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const router = useRouter();
  const [name, setName] = useState(present);
  const rename = useMutation(
    trpc.me.rename.mutationOptions({
      onSuccess: async () => {
        // The rail has the name from the page as the server made it.
        router.refresh();
        await queries.invalidateQueries(trpc.me.pathFilter());
        await toast('Your name is saved.', 'good');
      },
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate({ name });
  };
  return (
    <form className={styles.row} onSubmit={submit}>
      <TextInput
        className={styles.grow}
        label="Name"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        maxLength={80}
        required
        withAsterisk={false}
      />
      <Button type="submit" variant="default" loading={rename.isPending} disabled={name.trim() === present}>
        Save
      </Button>
    </form>
  );
}

function PasswordForm() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    setBusy(true);
    const answer = await postForm('/change-password', {
      currentPassword: form.get('currentPassword'),
      newPassword: form.get('newPassword'),
      revokeOtherSessions: true,
    });
    setBusy(false);
    setProblem(answer.ok ? null : answer.message);
    if (!answer.ok) return;
    target.reset();
    await queries.invalidateQueries(trpc.me.pathFilter());
    await toast('Your password is changed. Your other sessions have ended.', 'good');
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <PasswordInput
        label="Present password"
        name="currentPassword"
        autoComplete="current-password"
        error={problem}
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="New password"
        name="newPassword"
        autoComplete="new-password"
        minLength={MIN_PASSWORD_LENGTH}
        maxLength={MAX_PASSWORD_LENGTH}
        required
        withAsterisk={false}
      />
      <div>
        <Button type="submit" variant="default" loading={busy}>
          Change the password
        </Button>
      </div>
    </form>
  );
}
