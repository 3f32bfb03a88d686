import type { QueueEntry } from '@/server/streaming/partition-step';
import { waitKindOf } from '@/server/streaming/wait-kind.schema';
import {
  CONTACT_CHANNELS,
  type ContactChannel,
  type ContextReading,
  type ContextStanding,
  type OldContext,
} from './context-standing.schema';
import type { Sla } from './sla.schema';

/**
 * Joins what is processed late with who is in a contact meanwhile: what an agent knows of a customer is as old as the
 * oldest event of the customer's partition that is not processed yet. Pure.
 */
export function contextStanding(
  entries: readonly QueueEntry[],
  lagSecondsOf: (customer: string) => number | null,
  sla: Sla,
): Omit<ContextReading, 'at'> {
  const standing = Object.fromEntries(
    CONTACT_CHANNELS.map((channel) => [channel, nobody(allowedSeconds(sla, channel))]),
  ) as Record<ContactChannel, ContextStanding>;
  const contacts: OldContext[] = [];
  for (const entry of entries) {
    const channel = CONTACT_CHANNELS.find((each) => each === waitKindOf(entry));
    if (channel === undefined) continue;
    const sum = standing[channel];
    const lagSeconds = lagSecondsOf(entry.customer);
    sum.open += 1;
    if (lagSeconds !== null && lagSeconds <= sum.allowedSeconds) continue;
    if (lagSeconds === null) sum.unknown += 1;
    else sum.behind += 1;
    contacts.push({ customer: entry.customer, channel, lagSeconds });
  }
  const age = ({ lagSeconds }: OldContext) => lagSeconds ?? Number.MAX_VALUE;
  return { standing, contacts: contacts.sort((a, b) => age(b) - age(a)) };
}

const nobody = (allowed: number): ContextStanding => ({
  open: 0,
  behind: 0,
  unknown: 0,
  allowedSeconds: allowed,
});

const allowedSeconds = (sla: Sla, channel: ContactChannel) =>
  channel === 'chat' ? sla.chatContext : sla.callContext;
