import { HOUR_MS, SECOND_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { PersonActor } from '@/server/identity/actor';
import type { Escalation } from '@/server/live/queue-room.schema';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { waitKindOf } from '@/server/streaming/wait-kind.schema';
import { standingEscalations } from './escalation.repository';
import {
  endWaits,
  namesOf,
  openWaits,
  queueEntryOf,
  responsesSince,
  shardsOf,
  takeWait,
  waitsSince,
} from './queue-claim.repository';
import type { ClaimOutcome } from './queue-claim.schema';
import { announceClaim } from './queue-feed.connector';
import { readSla, writeSla } from './sla.repository';
import type { Sla } from './sla.schema';
import { escalationsByCustomer } from './wait-escalation';

/** Who has a customer, and since when (ms). */
export interface ClaimView {
  userId: string;
  name: string;
  takenAt: number;
}

type Person = Pick<PersonActor, 'workspaceId' | 'userId' | 'name'>;

/**
 * Takes a customer from the queue: the clock of their wait stops.
 * @throws Fault `not_found` when they no longer wait, `conflict` when another agent has them
 */
export async function takeCustomer(deps: Deps, person: Person, customer: string): Promise<ClaimView> {
  const { workspaceId, userId, name } = person;
  const entry = await queueEntryOf(deps.logRedis, await shardsOf(deps, workspaceId), customer);
  if (!entry) throw new Fault('not_found', 'This customer is no longer waiting.');
  const sla = await readSla(deps, workspaceId);
  const at = deps.now();
  const holder = await takeWait(deps, workspaceId, {
    customer,
    reason: entry.reason,
    enteredAt: new Date(entry.since),
    userId,
    at: new Date(at),
    breachedAt: breachOf(entry, sla, at),
  });
  if (holder !== userId) {
    const names = await namesOf(deps, [holder]);
    throw new Fault('conflict', `${names.get(holder) ?? 'Another agent'} has taken this customer.`);
  }
  const claim = { userId, name, takenAt: at };
  await announceClaim(deps, workspaceId, { customer, claim });
  return claim;
}

/**
 * Ends what a person took: helped, not reached, or given back.
 * @throws Fault `not_found` when this person has not taken the customer
 */
export async function finishCustomer(
  deps: Deps,
  person: Person,
  customer: string,
  outcome: ClaimOutcome,
): Promise<void> {
  const end = { at: new Date(deps.now()), outcome };
  const whose = { customer, userId: person.userId };
  const { ended, restored } = await endWaits(deps, person.workspaceId, whose, end);
  if (ended === 0) throw new Fault('not_found', 'You have not taken this customer.');
  const escalations = escalationsByCustomer(restored);
  await announceClaim(deps, person.workspaceId, { customer, claim: null, escalations });
}

/** Who has whom now, whose wait is escalated, and what may wait how long: what the queue's screen starts from. */
export async function readClaims(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
): Promise<{ claims: Record<string, ClaimView>; escalations: Record<string, Escalation>; sla: Sla }> {
  const [waits, standing, sla] = await Promise.all([
    openWaits(deps, workspaceId),
    standingEscalations(deps, workspaceId),
    readSla(deps, workspaceId),
  ]);
  const taken = waits.flatMap(({ customer, takenById, takenAt }) =>
    takenById && takenAt ? [{ customer, userId: takenById, takenAt: takenAt.getTime() }] : [],
  );
  const names = await namesOf(deps, [...new Set(taken.map(({ userId }) => userId))]);
  const claims: Record<string, ClaimView> = {};
  for (const { customer, userId, takenAt } of taken) {
    claims[customer] = { userId, takenAt, name: names.get(userId) ?? 'a former colleague' };
  }
  return { claims, escalations: escalationsByCustomer(standing), sla };
}

/** Sets how long customers may wait and how old what is known of them may be; on record, like every change. */
export async function setSla(
  deps: Deps,
  { workspaceId, userId }: Pick<PersonActor, 'workspaceId' | 'userId'>,
  sla: Sla,
): Promise<void> {
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await writeSla(tx, deps.newId, workspaceId, sla);
    await audit({ actorKind: 'person', actorId: userId, action: 'sla.changed', details: sla });
  });
  await announceClaim(deps, workspaceId, { sla });
}

/** The desk's last hour. A figure that nothing stands behind is null, never zero. */
export interface LastHour {
  /** ms */
  from: number;
  to: number;
  taken: number;
  /** median time from entering to being taken, ms */
  medianWaitMs: number | null;
  /** share of waits within their time, 0…1 */
  withinSla: number | null;
  accepted: number;
  declined: number;
}

export async function queueLastHour(deps: Pick<Deps, 'db' | 'now'>, workspaceId: string): Promise<LastHour> {
  const to = deps.now();
  const from = to - HOUR_MS;
  const [waits, responses] = await Promise.all([
    waitsSince(deps, workspaceId, new Date(from)),
    responsesSince(deps, workspaceId, new Date(from)),
  ]);
  const times = waits
    .flatMap(({ takenAt, enteredAt }) => (takenAt ? [takenAt.getTime() - enteredAt.getTime()] : []))
    .sort((a, b) => a - b);
  const inTime = waits.filter(({ breachedAt }) => breachedAt === null).length;
  return {
    from,
    to,
    taken: times.length,
    medianWaitMs: times[Math.floor(times.length / 2)] ?? null,
    withinSla: waits.length === 0 ? null : inTime / waits.length,
    accepted: responses.get('accepted') ?? 0,
    declined: responses.get('declined') ?? 0,
  };
}

/** When a wait passed its time; null while it has not. */
export function breachOf(
  entry: Pick<QueueEntry, 'reason' | 'channel' | 'since'>,
  sla: Sla,
  now: number,
): Date | null {
  const due = entry.since + sla[waitKindOf(entry)] * SECOND_MS;
  return due <= now ? new Date(due) : null;
}
