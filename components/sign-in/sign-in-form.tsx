'use client';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { Refusal } from './card';
import { CodeForm } from './code-form';
import styles from './sign-in.module.css';
import { nextPage, signIn } from './sign-in-call';

interface SignInFormProps {
  /** where to go afterwards */
  next: string | null;
  /** a refusal that a form sent without script came back with */
  refusal: string | null;
  /** the password was right, the code is still to come */
  atCode: boolean;
}

/** Address and password, then the code where a second factor is on. Works before its script has loaded, too. */
export function SignInForm({ next, refusal, atCode }: SignInFormProps) {
  const [message, setMessage] = useState(refusal);
  const [busy, setBusy] = useState(false);
  const [needsCode, setNeedsCode] = useState(atCode);
  const arrive = () => window.location.assign(nextPage(next));
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const result = await signIn(String(form.get('email')), String(form.get('password')));
    if (result.kind === 'signedIn') return arrive();
    setBusy(false);
    if (result.kind === 'needsCode') return setNeedsCode(true);
    setMessage(result.message);
  };
  if (needsCode) return <CodeForm onDone={arrive} onBack={() => setNeedsCode(false)} />;
  return (
    <form className={styles.form} method="post" action="/api/auth/sign-in-form" onSubmit={submit}>
      {message && <Refusal>{message}</Refusal>}
      <TextInput
        label="Email"
        name="email"
        type="email"
        size="sm"
        autoComplete="username"
        autoFocus
        required
        withAsterisk={false}
      />
      <PasswordInput
        label="Password"
        name="password"
        size="sm"
        autoComplete="current-password"
        required
        withAsterisk={false}
        visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed', tabIndex: -1 }}
      />
      <Button type="submit" size="sm" fullWidth loading={busy}>
        Sign in
      </Button>
    </form>
  );
}
