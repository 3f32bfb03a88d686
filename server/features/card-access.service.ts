import { setTimeout as pause } from 'node:timers/promises';
import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { KeyActor, PersonActor } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { type AuditNote, writeAudit } from '@/server/privacy';

/** How long personal data stays shown after it was revealed. */
export const REVEAL_MS = 5 * MINUTE_MS;
/** Reads of one card by one person or program within this time are one entry of the audit. */
const READ_ONCE_MS = 10 * MINUTE_MS;
/** What stands in the mark of a read that is on record, and of one whose entry is being written. */
const NOTED = '1';
const CLAIMED = 'claimed';
/** Longer than it takes to write an entry, or to give up: the claim of a process that died ends by itself. */
const CLAIM_MS = 20 * SECOND_MS;
const LOOK_AGAIN_MS = 25;

type Person = Pick<PersonActor, 'workspaceId' | 'userId' | 'name'>;

/** Personal data of a customer, shown to one person for a while. */
export interface Reveal {
  userId: string;
  name: string;
  customer: string;
  reason: string;
  /** ms */
  since: number;
  /** ms */
  until: number;
}

/**
 * Records that a person sees a customer's card: once per person, customer and ten minutes.
 * @throws when it cannot be recorded: then the card must not be shown
 */
export function noteCardRead(deps: Deps, { workspaceId, userId }: Person, customer: string): Promise<void> {
  return noteRead(deps, { workspaceId, actorKind: 'person', actorId: userId }, customer);
}

/**
 * Records that a program reads a customer's card: once per key, customer and ten minutes.
 * @throws when it cannot be recorded: then the card must not be given out
 */
export function noteCardReadByKey(
  deps: Deps,
  { workspaceId, keyId }: Pick<KeyActor, 'workspaceId' | 'keyId'>,
  customer: string,
): Promise<void> {
  return noteRead(deps, { workspaceId, actorKind: 'key', actorId: keyId }, customer);
}

/** The mark goes up after the entry is written, never before: a read that passes by a mark is on record for certain. */
async function noteRead(
  deps: Deps,
  reader: Pick<AuditNote, 'workspaceId' | 'actorKind' | 'actorId'>,
  customer: string,
): Promise<void> {
  const { queueRedis } = deps;
  const key = `cardRead:${reader.workspaceId}:${reader.actorId}:${customer}`;
  if (!(await claimEntry(deps, key))) return;
  try {
    await writeAudit(deps, { ...reader, action: 'customer.viewed', subject: customer });
  } catch (error) {
    await queueRedis.del(key).catch(() => undefined);
    throw error;
  }
  // Without its mark the read is on record all the same, and the next one is once more.
  await queueRedis.set(key, NOTED, 'PX', READ_ONCE_MS).catch(() => undefined);
}

/**
 * Claims to write the entry of a read, so that reads at the same moment make one; those wait for what becomes of it.
 * @returns false when the entry is written already
 * @throws Fault `unavailable` when it is neither written nor given up for too long
 */
async function claimEntry({ queueRedis }: Pick<Deps, 'queueRedis'>, key: string): Promise<boolean> {
  for (let waitedMs = 0; waitedMs <= CLAIM_MS; waitedMs += LOOK_AGAIN_MS) {
    if (waitedMs > 0) await pause(LOOK_AGAIN_MS);
    if ((await queueRedis.get(key)) === NOTED) return false;
    if ((await queueRedis.set(key, CLAIMED, 'PX', CLAIM_MS, 'NX')) !== null) return true;
  }
  throw new Fault(
    'unavailable',
    'This card cannot be shown just now: that it is read could not be recorded.',
  );
}

/**
 * Shows a customer's personal data to a person for five minutes. Audited, with the reason, before anything is shown.
 * @returns until when, ms
 */
export async function revealCustomer(
  deps: Deps,
  person: Person,
  { customer, reason }: { customer: string; reason: string },
): Promise<number> {
  const { workspaceId, userId, name } = person;
  const since = deps.now();
  const reveal: Reveal = { userId, name, customer, reason, since, until: since + REVEAL_MS };
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: 'customer.revealed',
    subject: customer,
    reason,
    details: { seconds: REVEAL_MS / SECOND_MS },
  });
  await deps.queueRedis.hset(revealsKey(workspaceId), fieldOf(userId, customer), JSON.stringify(reveal));
  await tell(deps, workspaceId, reveal, reveal.until);
  return reveal.until;
}

/** Until when this person sees this customer's personal data, ms; null when they do not. */
export async function revealedUntil(
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  person: Pick<PersonActor, 'workspaceId' | 'userId'>,
  customer: string,
): Promise<number | null> {
  const text = await deps.queueRedis.hget(revealsKey(person.workspaceId), fieldOf(person.userId, customer));
  if (text === null) return null;
  const { until } = JSON.parse(text) as Reveal;
  return until > deps.now() ? until : null;
}

/** Reveals that hold now, newest first. Those that are over are cleared away. */
export async function listReveals(
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  workspaceId: string,
): Promise<Reveal[]> {
  const all = Object.entries(await deps.queueRedis.hgetall(revealsKey(workspaceId))).map(
    ([field, text]) => [field, JSON.parse(text) as Reveal] as const,
  );
  const over = all.filter(([, { until }]) => until <= deps.now()).map(([field]) => field);
  if (over.length > 0) await deps.queueRedis.hdel(revealsKey(workspaceId), ...over);
  return all
    .map(([, reveal]) => reveal)
    .filter(({ until }) => until > deps.now())
    .sort((a, b) => b.since - a.since);
}

/**
 * Ends a reveal before its time, one's own or, for who may, another's.
 * @throws Fault `not_found` when there is none
 */
export async function endReveal(
  deps: Deps,
  actor: Person,
  { userId, customer }: { userId: string; customer: string },
): Promise<void> {
  const { workspaceId } = actor;
  const removed = await deps.queueRedis.hdel(revealsKey(workspaceId), fieldOf(userId, customer));
  if (removed === 0) throw new Fault('not_found', 'This reveal is over already.');
  await tell(deps, workspaceId, { userId, customer }, null);
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: actor.userId,
    action: 'customer.masked',
    subject: customer,
    details: { shownTo: userId },
  });
}

const revealsKey = (workspaceId: string) => `reveals:${workspaceId}`;
const fieldOf = (userId: string, customer: string) => `${userId} ${customer}`;

async function tell(
  deps: Pick<Deps, 'queueRedis' | 'now'>,
  workspaceId: string,
  reveal: Pick<Reveal, 'userId' | 'customer'> & Partial<Reveal>,
  until: number | null,
): Promise<void> {
  const { userId, customer } = reveal;
  await deps.queueRedis.publish('reveals', JSON.stringify({ workspaceId, userId, customer, until }));
  const type = until === null ? 'reveal.ended' : 'reveal.started';
  const at = deps.now();
  await deps.queueRedis.publish(`privacy:${workspaceId}`, JSON.stringify({ type, at, ...reveal, until }));
}
