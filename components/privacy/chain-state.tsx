'use client';
import { Button } from '@mantine/core';
import { formatCount } from '@/components/ui/format';
import { StatusBadge } from '@/components/ui/status-badge';
import { TimeAgo } from '@/components/ui/time-ago';
import type { AuditState } from '@/server/privacy/audit.schema';
import styles from './privacy.module.css';

const WHY: Record<NonNullable<AuditState['broken']>['why'], string> = {
  missing: 'is missing',
  changed: 'was changed',
  unlinked: 'does not follow the one before',
  cutTail: 'and later ones were cut off',
};

interface ChainStateProps {
  state: AuditState | undefined;
  busy: boolean;
  onCheck: () => void;
}

/** Whether the chain of hashes holds from the first entry to the anchored last. */
export function ChainState({ state, busy, onCheck }: ChainStateProps) {
  return (
    <span className={styles.chain} aria-live="polite">
      {state === undefined ? (
        <StatusBadge tone="neutral">Chain not checked yet</StatusBadge>
      ) : state.broken ? (
        <StatusBadge tone="bad">
          Broken: entry {state.broken.seq} {WHY[state.broken.why]}
        </StatusBadge>
      ) : (
        <StatusBadge tone="good">Chain holds: {formatCount(state.verified, 'entry', 'entries')}</StatusBadge>
      )}
      {state && (
        <span className={styles.quiet}>
          {state.anchoredSeq === null ? 'no anchor · ' : `anchored at ${state.anchoredSeq} · `}
          <TimeAgo at={state.checkedAt} />
        </span>
      )}
      <Button variant="default" loading={busy} onClick={onCheck}>
        Check
      </Button>
    </span>
  );
}
