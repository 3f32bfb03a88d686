'use client';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';

const SecretBox = dynamic(() => import('./secret-box').then((module) => module.SecretBox), { ssr: false });

export interface Secret {
  title: string;
  /** the key or link itself */
  value: string;
  /** what it is for, and for how long */
  about: ReactNode;
}

/** A key or link that is shown this once. Closed by its button only, so that no stray click loses it. */
export function useSecretDialog(): { dialog: ReactNode; show: (secret: Secret) => void } {
  const [secret, setSecret] = useState<Secret | null>(null);
  const [open, setOpen] = useState(false);
  const show = (shown: Secret) => {
    setSecret(shown);
    setOpen(true);
  };
  // Forgotten when it is closed; the box itself stays, to hand the focus back.
  const done = () => {
    setOpen(false);
    setSecret((shown) => shown && { ...shown, value: '' });
  };
  const dialog = secret && <SecretBox secret={secret} open={open} onDone={done} />;
  return { dialog, show };
}

/** A path of ours as a whole link, as it can be handed to somebody. */
export function wholeLink(path: string): string {
  return new URL(path, window.location.origin).href;
}
