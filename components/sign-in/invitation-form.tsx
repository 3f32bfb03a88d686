'use client';
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { Refusal } from './card';
import { NewPasswordField } from './password-field';
import styles from './sign-in.module.css';
import { useFormCall } from './use-form-call';

interface InvitationFormProps {
  token: string;
  email: string;
  /** the address has an account: its password is asked for, not chosen */
  known: boolean;
}

/** Accepts an invitation and signs in. */
export function InvitationForm({ token, email, known }: InvitationFormProps) {
  const { message, busy, submit } = useFormCall('/invitation', (form) => ({
    token,
    ...Object.fromEntries(form),
  }));
  return (
    <form className={styles.form} onSubmit={(event) => submit(event, () => email)}>
      {message && <Refusal>{message}</Refusal>}
      <TextInput label="Email" size="sm" value={email} autoComplete="username" readOnly />
      {known ? (
        <PasswordInput
          label="Password of your account"
          name="password"
          size="sm"
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
      ) : (
        <>
          <TextInput
            label="Your name"
            name="name"
            size="sm"
            autoComplete="name"
            maxLength={80}
            autoFocus
            required
            withAsterisk={false}
          />
          <NewPasswordField />
        </>
      )}
      <Button type="submit" size="sm" fullWidth loading={busy}>
        Join
      </Button>
    </form>
  );
}
