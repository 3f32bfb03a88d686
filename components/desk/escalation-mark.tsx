import { ToneShape } from '@/components/ui/status-badge';
import type { Escalation } from '@/server/live/queue-room.schema';
import styles from './queue-pane.module.css';

/** That a wait was escalated, in a word with its shape; how far says the title. */
export function EscalationMark({ escalation }: { escalation: Escalation }) {
  const isWithOps = escalation.supervisors !== undefined;
  return (
    <span
      className={styles.escalated}
      data-far={isWithOps}
      title={`Nobody has taken them. Of the time they may wait: ${stepsIn(escalation)}`}
    >
      <ToneShape tone={isWithOps ? 'bad' : 'warn'} />
      {escalation.agents === undefined ? 'with ops' : isWithOps ? 'escalated, with ops' : 'escalated'}
    </span>
  );
}

/** "raised to agents at 80 %, to supervisors at 150 %" */
export function stepsIn({ agents, supervisors }: Escalation): string {
  const steps = [
    ...(agents === undefined ? [] : [`to agents at ${agents} %`]),
    ...(supervisors === undefined ? [] : [`to supervisors at ${supervisors} %`]),
  ];
  return `raised ${steps.join(', ')}`;
}
