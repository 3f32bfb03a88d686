'use client';
import { Button, PasswordInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTRPC } from '@/components/api';
import { postForm } from '@/components/sign-in/sign-in-call';
import { StatusBadge } from '@/components/ui/status-badge';
import { toast } from '@/components/ui/toast';
import { ConfirmFactor, type FactorSetUp } from './confirm-factor';
import styles from './settings.module.css';

/** Turns the second factor on (password, then a first code) or off (password). */
export function SecondFactor({ on }: { on: boolean }) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [setUp, setSetUp] = useState<FactorSetUp | null>(null);
  const again = () => queries.invalidateQueries(trpc.me.pathFilter());
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    const password = new FormData(target).get('password');
    setBusy(true);
    const answer = await postForm(on ? '/two-factor/disable' : '/two-factor/enable', { password });
    setBusy(false);
    setProblem(answer.ok ? null : answer.message);
    if (!answer.ok) return;
    target.reset();
    if (!on) return setSetUp(setUpOf(answer.data));
    await again();
    await toast('The second factor is off.', 'good');
  };
  const confirmed = async () => {
    setSetUp(null);
    await again();
    await toast('The second factor is on. The next sign-in asks for a code.', 'good');
  };
  if (setUp) return <ConfirmFactor setUp={setUp} onDone={confirmed} onCancel={() => setSetUp(null)} />;
  return (
    <form className={styles.form} onSubmit={submit}>
      <div>
        <StatusBadge tone={on ? 'good' : 'neutral'}>{on ? 'on' : 'off'}</StatusBadge>{' '}
        {on
          ? 'Signing in asks for a code of your authenticator app.'
          : 'Signing in asks for the password only.'}
      </div>
      <div className={styles.row}>
        <PasswordInput
          className={styles.grow}
          label="Your password"
          name="password"
          autoComplete="current-password"
          error={problem}
          required
          withAsterisk={false}
        />
        <Button type="submit" variant="default" loading={busy}>
          {on ? 'Turn off' : 'Turn on'}
        </Button>
      </div>
    </form>
  );
}

function setUpOf(data: Record<string, unknown>): FactorSetUp {
  const codes = Array.isArray(data.backupCodes) ? data.backupCodes.map(String) : [];
  return { uri: String(data.totpURI), codes };
}
