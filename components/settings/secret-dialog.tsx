'use client';
import { Button, CopyButton, Group, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import styles from './settings.module.css';

interface Secret {
  title: string;
  /** the key or link itself */
  value: string;
  /** what it is for, and for how long */
  about: ReactNode;
}

/** A key or link that is shown this once. Closed by its button only, so that no stray click loses it. */
export function useSecretDialog(): { dialog: ReactNode; show: (secret: Secret) => void } {
  const [secret, setSecret] = useState<Secret | null>(null);
  const dialog = (
    <Modal
      opened={secret !== null}
      onClose={() => setSecret(null)}
      title={secret?.title}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <div className={styles.form}>
        <div>{secret?.about}</div>
        <code className={styles.secret} data-testid="secret">
          {secret?.value}
        </code>
        <div className={styles.quiet}>Copy it now: it is kept as a hash only and cannot be shown again.</div>
        <Group justify="flex-end">
          <CopyButton value={secret?.value ?? ''}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy} data-autofocus>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button onClick={() => setSecret(null)}>Done</Button>
        </Group>
      </div>
    </Modal>
  );
  return { dialog, show: setSecret };
}

/** A path of ours as a whole link, as it can be handed to somebody. */
export function wholeLink(path: string): string {
  return new URL(path, window.location.origin).href;
}
