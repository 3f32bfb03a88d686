'use client';
import { Button, CopyButton, Group } from '@mantine/core';
import { Modal } from '@/components/ui/modal';
import type { Secret } from './secret-dialog';
import styles from './settings.module.css';

interface SecretBoxProps {
  secret: Secret;
  open: boolean;
  onDone: () => void;
}

/** The secret itself, with a button that copies it. */
export function SecretBox({ secret, open, onDone }: SecretBoxProps) {
  return (
    <Modal
      opened={open}
      onClose={onDone}
      title={secret.title}
      closeOnClickOutside={false}
      withCloseButton={false}
    >
      <div className={styles.form}>
        <div>{secret.about}</div>
        <code className={styles.secret} data-testid="secret">
          {secret.value}
        </code>
        <div className={styles.quiet}>Copy it now: it is kept as a hash only and cannot be shown again.</div>
        <Group justify="flex-end">
          <CopyButton value={secret.value}>
            {({ copied, copy }) => (
              <Button variant="default" onClick={copy} data-autofocus>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button onClick={onDone}>Done</Button>
        </Group>
      </div>
    </Modal>
  );
}
