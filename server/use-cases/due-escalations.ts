import { SECOND_MS } from '@/server/core/durations';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { waitKindOf } from '@/server/streaming/wait-kind.schema';
import { CONTACT_CHANNELS, type ContactChannel } from './context-standing.schema';
import type { EscalationPlan } from './escalation.schema';
import type { EscalationTarget } from './escalation-step.schema';
import type { Sla } from './sla.schema';

/** A step that a wait has reached. */
export interface DueEscalation {
  customer: string;
  channel: ContactChannel;
  /** ms */
  waitedSince: number;
  percent: number;
  to: EscalationTarget;
  /** ms */
  dueAt: number;
}

/** Names one step of one wait. */
export const escalationKey = (wait: Pick<DueEscalation, 'customer' | 'waitedSince' | 'percent'>) =>
  `${wait.waitedSince} ${wait.percent} ${wait.customer}`;

export interface Register {
  plan: EscalationPlan;
  sla: Pick<Sla, ContactChannel>;
  /** steps that need not be raised, by `escalationKey` */
  known: ReadonlySet<string>;
  isTaken(customer: string, waitedSince: number): boolean;
}

/** The steps that waits in a chat or call have reached and nobody was told of, those due first before the rest. Pure. */
export function dueEscalations(
  entries: readonly QueueEntry[],
  { plan, sla, known, isTaken }: Register,
  now: number,
): DueEscalation[] {
  const due = entries.flatMap((entry): DueEscalation[] => {
    const channel = CONTACT_CHANNELS.find((each) => each === waitKindOf(entry));
    if (channel === undefined || isTaken(entry.customer, entry.since)) return [];
    return plan[channel]
      .map(({ percent, to }) => ({
        customer: entry.customer,
        channel,
        waitedSince: entry.since,
        percent,
        to,
        dueAt: entry.since + (sla[channel] * SECOND_MS * percent) / 100,
      }))
      .filter((step) => step.dueAt <= now && !known.has(escalationKey(step)));
  });
  return due.sort((a, b) => a.dueAt - b.dueAt);
}
