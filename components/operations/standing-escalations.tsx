'use client';
import { useQuery } from '@tanstack/react-query';
import { useTRPC } from '@/components/api';
import { useMay } from '@/components/shell/person';
import { formatCount, formatDuration } from '@/components/ui/format';
import { PageLink } from '@/components/ui/page-link';
import { useNow } from '@/components/ui/shared-clock';
import { StatusBadge } from '@/components/ui/status-badge';
import type { OpenEscalations } from '@/server/use-cases/escalation.schema';
import type { EscalationTarget } from '@/server/use-cases/escalation-step.schema';
import styles from './firing-list.module.css';

/** Waits are looked at as often. */
const AGAIN_MS = 5_000;

const TARGETS: Record<EscalationTarget, { tone: 'bad' | 'warn'; words: string }> = {
  supervisors: { tone: 'bad', words: 'raised to the supervisors' },
  agents: { tone: 'warn', words: 'on top of the agents’ queue' },
};

/** The chats and calls that wait past a step of the escalations, there only while there are any. */
export function StandingEscalations() {
  const trpc = useTRPC();
  const { data, isError } = useQuery(
    trpc.escalations.standing.queryOptions(undefined, { refetchInterval: AGAIN_MS, staleTime: 0 }),
  );
  if (isError) return <p className={styles.detail}>Which waits are escalated cannot be read just now.</p>;
  if (!data || data.length === 0) return null;
  return (
    <ul className={styles.list} aria-label="Escalated waits">
      {data.map((counted) => (
        <Standing key={`${counted.channel} ${counted.to}`} {...counted} />
      ))}
    </ul>
  );
}

function Standing({ channel, to, waits, since }: OpenEscalations) {
  const mayOpen = useMay()('escalation.read');
  const now = useNow();
  const { tone, words } = TARGETS[to];
  const count = formatCount(waits, channel);
  return (
    <li className={styles.firing}>
      <StatusBadge tone={tone}>escalated</StatusBadge>
      <div className={styles.words}>
        {mayOpen ? (
          <PageLink className={styles.name} href={`/escalations?channel=${channel}`}>
            {count} nobody has taken
          </PageLink>
        ) : (
          <span className={styles.name}>{count} nobody has taken</span>
        )}
        <span className={styles.detail}>
          {words} · longest wait {now > 0 ? formatDuration(Math.max(0, now - since)) : ''}
        </span>
      </div>
    </li>
  );
}
