'use client';
import { Button, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Refusal } from './card';
import { NewPasswordField } from './password-field';
import styles from './sign-in.module.css';
import { useFormCall } from './use-form-call';

/** The first administrator and the first workspace. */
export function SetUpForm({ token }: { token: string }) {
  const { message, busy, submit } = useFormCall('/setup', (form) => ({ token, ...Object.fromEntries(form) }));
  const [zone, setZone] = useState('UTC');
  useEffect(() => setZone(Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'), []);
  const field = { size: 'sm', required: true, withAsterisk: false } as const;
  return (
    <form className={styles.form} onSubmit={(event) => submit(event, (form) => String(form.get('email')))}>
      {message && <Refusal>{message}</Refusal>}
      <TextInput {...field} label="Your name" name="name" autoComplete="name" maxLength={80} autoFocus />
      <TextInput {...field} label="Email" name="email" type="email" autoComplete="username" />
      <NewPasswordField />
      <TextInput
        {...field}
        label="Workspace"
        description="Your company or team."
        name="workspaceName"
        maxLength={80}
      />
      <div className={styles.pair}>
        <TextInput
          {...field}
          label="Region"
          description="Where its data is kept."
          name="region"
          defaultValue="local"
          pattern="[a-z][a-z0-9\-]{1,30}"
        />
        <TextInput
          {...field}
          label="Currency"
          description="Of its main figures."
          name="currency"
          defaultValue="USD"
          maxLength={3}
        />
      </div>
      <TextInput
        {...field}
        label="Time zone"
        name="timeZone"
        value={zone}
        onChange={(event) => setZone(event.currentTarget.value)}
      />
      <Button type="submit" size="sm" fullWidth loading={busy}>
        Set up Millrace
      </Button>
    </form>
  );
}
