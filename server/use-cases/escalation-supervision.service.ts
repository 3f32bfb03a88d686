import type { Deps } from '@/server/platform/deps';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { type DueEscalation, dueEscalations, escalationKey } from './due-escalations';
import { endLeftEscalations, raiseEscalations, type StandingEscalation } from './escalation.repository';
import type { EscalationPlan } from './escalation.schema';
import type { WaitRow } from './queue-claim.repository';
import { announceClaim } from './queue-feed.connector';
import type { Sla } from './sla.schema';
import { endsOfWaits } from './wait-ends.service';
import { escalationsByCustomer } from './wait-escalation';

/** Steps raised of one workspace in one look: after a long outage the rest follows in the next, seconds later. */
const MOST_RAISED = 5_000;
/** Customers told of in one message. */
const MOST_TOLD = 500;

/** What is on record of a workspace's queue and its escalations, as last read. */
export interface EscalationDesk {
  sla: Sla;
  plan: EscalationPlan;
  waits: readonly WaitRow[];
  standing: readonly StandingEscalation[];
  /** steps that were tried and do not stand, since somebody is done with the customer; by `escalationKey` */
  settled: ReadonlySet<string>;
}

/** What stands in a queue, and what of it is known to stand there now. */
export interface QueueSeen {
  entries: readonly QueueEntry[];
  judgeable: readonly QueueEntry[];
}

/**
 * Raises the steps that waits of a workspace have reached, and ends what was raised of those who left.
 * @returns what is on record afterwards, and how many were raised and ended
 */
export async function superviseEscalations<Desk extends EscalationDesk>(
  deps: Deps,
  workspaceId: string,
  desk: Desk,
  { entries, judgeable }: QueueSeen,
): Promise<{ desk: Desk; escalated: number; ended: number }> {
  const waiting = new Set(entries.map(({ customer, since }) => waitKey(customer, since)));
  const gone = desk.standing.filter(
    ({ customer, waitedSince }) => !waiting.has(waitKey(customer, waitedSince)),
  );
  const due = dueSteps(desk, judgeable, deps.now());
  if (gone.length === 0 && due.length === 0) return { desk, escalated: 0, ended: 0 };
  const ended = await endGone(deps, workspaceId, gone);
  const raised = due.length === 0 ? [] : await raiseEscalations(deps, workspaceId, due, new Date(deps.now()));
  const standing = [...desk.standing.filter((step) => !gone.includes(step)), ...raised];
  await tell(deps, workspaceId, standing, [...gone, ...raised]);
  const settled = new Set([...desk.settled, ...due.map(escalationKey)]);
  return { desk: { ...desk, standing, settled }, escalated: raised.length, ended };
}

/** The steps that waits have reached and that are not on record. */
export function dueSteps(
  { plan, sla, waits, standing, settled }: EscalationDesk,
  entries: readonly QueueEntry[],
  now: number,
): DueEscalation[] {
  const taken = new Set(
    waits.flatMap(({ customer, enteredAt, takenById }) =>
      takenById === null ? [] : [waitKey(customer, enteredAt.getTime())],
    ),
  );
  const known = new Set([...settled, ...standing.map(escalationKey)]);
  const isTaken = (customer: string, since: number) => taken.has(waitKey(customer, since));
  return dueEscalations(entries, { plan, sla, known, isTaken }, now).slice(0, MOST_RAISED);
}

/** Only who is in a contact is escalated. */
async function endGone(
  deps: Deps,
  workspaceId: string,
  gone: readonly StandingEscalation[],
): Promise<number> {
  if (gone.length === 0) return 0;
  const waits = gone.map(({ id, customer, waitedSince: since }) => ({
    ...{ id, customer, since },
    reason: 'contact',
  }));
  const ended = await endsOfWaits(deps, workspaceId, waits);
  return endLeftEscalations(
    deps,
    workspaceId,
    ended.map(({ id, at }) => ({ id, at })),
  );
}

/** Tells the desk how far the waits of these customers are escalated now. */
async function tell(
  deps: Deps,
  workspaceId: string,
  standing: readonly StandingEscalation[],
  of: readonly StandingEscalation[],
): Promise<void> {
  const now = new Map(Object.entries(escalationsByCustomer(standing)));
  const customers = [...new Set(of.map(({ customer }) => customer))];
  for (let from = 0; from < customers.length; from += MOST_TOLD) {
    const some = customers.slice(from, from + MOST_TOLD);
    const escalations = Object.fromEntries(some.map((customer) => [customer, now.get(customer) ?? null]));
    await announceClaim(deps, workspaceId, { escalations });
  }
}

const waitKey = (customer: string, since: number) => `${since} ${customer}`;
