'use client';
import { PasswordInput } from '@mantine/core';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH } from '@/server/identity/password-length.schema';

/** A password to be chosen. */
export function NewPasswordField({ label = 'Password' }: { label?: string }) {
  return (
    <PasswordInput
      label={label}
      description={`At least ${MIN_PASSWORD_LENGTH} characters. A few words are better than one odd one.`}
      name="password"
      size="sm"
      autoComplete="new-password"
      minLength={MIN_PASSWORD_LENGTH}
      maxLength={MAX_PASSWORD_LENGTH}
      required
      withAsterisk={false}
      visibilityToggleButtonProps={{ 'aria-label': 'Show what is typed', tabIndex: -1 }}
    />
  );
}
