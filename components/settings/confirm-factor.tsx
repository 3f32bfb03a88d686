'use client';
import { Button, Group, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { confirmCode } from '@/components/sign-in/sign-in-call';
import styles from './settings.module.css';

/** What the server made for a second factor that is not on yet. */
export interface FactorSetUp {
  /** `otpauth://` address of the secret */
  uri: string;
  codes: readonly string[];
}

interface ConfirmFactorProps {
  setUp: FactorSetUp;
  onDone: () => void;
  onCancel: () => void;
}

/** The secret as a picture and as text, the backup codes, and a first code to show that the app has it. */
export function ConfirmFactor({ setUp, onDone, onCancel }: ConfirmFactorProps) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    const result = await confirmCode('totp', String(new FormData(event.currentTarget).get('code')));
    setBusy(false);
    if (result.kind === 'signedIn') return onDone();
    setProblem(result.kind === 'refused' ? result.message : null);
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <div>1. Scan this with your authenticator app, or type the secret in.</div>
      <QrCode text={setUp.uri} />
      <code className={styles.secret}>{new URL(setUp.uri).searchParams.get('secret')}</code>
      <div>2. Keep these backup codes apart from your device. Each works once.</div>
      <ul className={styles.codes} aria-label="Backup codes">
        {setUp.codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <TextInput
        label="3. The code your app shows now"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        error={problem}
        required
        withAsterisk={false}
      />
      <Group>
        <Button type="submit" loading={busy}>
          Turn it on
        </Button>
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
    </form>
  );
}

function QrCode({ text }: { text: string }) {
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    import('uqr').then(({ renderSVG }) => {
      if (wanted) setSource(`data:image/svg+xml,${encodeURIComponent(renderSVG(text))}`);
    });
    return () => {
      wanted = false;
    };
  }, [text]);
  if (source === null) return <div className={styles.qr} />;
  // biome-ignore lint/performance/noImgElement: a picture made in the page has no address to optimise
  return <img className={styles.qr} src={source} alt="QR code of the secret" />;
}
