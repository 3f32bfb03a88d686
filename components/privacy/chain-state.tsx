'use client';
import { Button } from '@mantine/core';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { AuditState } from '@/server/privacy/audit.schema';
import { chainWords } from './chain-words';
import styles from './privacy.module.css';

interface ChainStateProps {
  state: AuditState | undefined;
  busy: boolean;
  onCheck: () => void;
}

/** Whether the chain of hashes holds from the first entry to the anchored last. */
export function ChainState({ state, busy, onCheck }: ChainStateProps) {
  const words = state && chainWords(state);
  return (
    <span className={styles.chain} aria-live="polite">
      <StatusBadge tone={words?.tone ?? 'neutral'}>{words?.badge ?? 'Chain not checked yet'}</StatusBadge>
      {state && (
        <span className={styles.quiet}>
          {words?.anchor && `${words.anchor} · `}
          <TimeAgo at={state.checkedAt} />
        </span>
      )}
      <Button variant="default" loading={busy} onClick={onCheck}>
        Check
      </Button>
    </span>
  );
}

/** What the check could not prove, and what to do about it. */
export function ChainUnproven({ state }: Pick<ChainStateProps, 'state'>) {
  const unproven = state && chainWords(state).unproven;
  return <div role="status">{unproven ? <p className={styles.unproven}>{unproven}</p> : null}</div>;
}
