import { Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './editor-foot.module.css';

interface EditorFootProps {
  /** why the last save failed */
  error?: ReactNode;
  saving: boolean;
  /** Whether what is edited may be changed; else the foot only leads back. */
  canWrite: boolean;
  /** on the button that saves; by default that of something that is there already */
  verb?: string;
  /** on the button that leaves; by default what it does to the draft */
  leave?: string;
  onLeave: () => void;
  /** absent: nothing is there yet that could be removed */
  onRemove?: (() => void) | undefined;
}

/** The end of a form that makes or changes one thing: why it was not saved, remove it, leave it, save it. */
export function EditorFoot({
  error,
  saving,
  canWrite,
  verb = 'Save',
  leave,
  onLeave,
  onRemove,
}: EditorFootProps) {
  return (
    <>
      {error && (
        <p className={styles.error} role="alert">
          {error}
        </p>
      )}
      <Group justify="space-between">
        {onRemove && canWrite ? (
          <Button variant="subtle" color="red" onClick={onRemove}>
            Remove
          </Button>
        ) : (
          <span />
        )}
        <Group gap={8}>
          <Button variant="default" onClick={onLeave}>
            {leave ?? (canWrite ? 'Cancel' : 'Back')}
          </Button>
          {canWrite && (
            <Button type="submit" loading={saving}>
              {verb}
            </Button>
          )}
        </Group>
      </Group>
    </>
  );
}
