'use client';
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Refusal } from './card';
import styles from './sign-in.module.css';
import { confirmCode } from './sign-in-call';

/** The second factor: six digits of the app, or a backup code. */
export function CodeForm({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const [kind, setKind] = useState<'totp' | 'backup'>('totp');
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = String(new FormData(event.currentTarget).get('code'));
    setBusy(true);
    const result = await confirmCode(kind, code);
    if (result.kind === 'signedIn') return onDone();
    setBusy(false);
    setMessage(result.kind === 'refused' ? result.message : null);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      {message && <Refusal>{message}</Refusal>}
      <TextInput
        key={kind}
        label={kind === 'totp' ? 'Code from your authenticator app' : 'Backup code'}
        name="code"
        size="sm"
        inputMode={kind === 'totp' ? 'numeric' : 'text'}
        autoComplete="one-time-code"
        autoFocus
        required
        withAsterisk={false}
      />
      <Button type="submit" size="sm" fullWidth loading={busy}>
        Continue
      </Button>
      <span>
        <button
          type="button"
          className={styles.plain}
          onClick={() => setKind(kind === 'totp' ? 'backup' : 'totp')}
        >
          {kind === 'totp' ? 'Use a backup code' : 'Use the authenticator app'}
        </button>
        {' · '}
        <button type="button" className={styles.plain} onClick={onBack}>
          Start again
        </button>
      </span>
    </form>
  );
}
