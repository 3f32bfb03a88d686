'use client';
import { type FormEvent, useState } from 'react';
import { postForm, signIn } from './sign-in-call';

/** A form outside the console: sends its fields, then signs in with what was typed, or says why not. */
export function useFormCall(path: string, bodyOf: (form: FormData) => Record<string, unknown>) {
  const [message, setMessage] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>, email: (form: FormData) => string | null) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const answer = await postForm(path, bodyOf(form));
    if (!answer.ok) {
      setBusy(false);
      return setMessage(answer.message);
    }
    const address = email(form);
    if (address === null) return window.location.assign('/sign-in?done=password');
    const result = await signIn(address, String(form.get('password')));
    window.location.assign(result.kind === 'needsCode' ? '/sign-in?step=code' : '/');
  };
  return { message, busy, submit };
}
