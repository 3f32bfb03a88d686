'use client';
import { Button } from '@mantine/core';
import { Refusal } from './card';
import { NewPasswordField } from './password-field';
import styles from './sign-in.module.css';
import { useFormCall } from './use-form-call';

/** Sets a new password by a one-time link. */
export function ResetForm({ token }: { token: string }) {
  const { message, busy, submit } = useFormCall('/password-reset', (form) => ({
    token,
    ...Object.fromEntries(form),
  }));
  return (
    <form className={styles.form} onSubmit={(event) => submit(event, () => null)}>
      {message && <Refusal>{message}</Refusal>}
      <NewPasswordField label="New password" />
      <Button type="submit" size="sm" fullWidth loading={busy}>
        Set the password
      </Button>
    </form>
  );
}
