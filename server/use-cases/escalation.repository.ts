import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { ContactChannel } from './context-standing.schema';
import type { DueEscalation } from './due-escalations';
import type { EscalationFilter, OpenEscalations } from './escalation.schema';
import type { EscalationTarget } from './escalation-step.schema';

type Db = Pick<Deps, 'db'>;
type Tx = Prisma.TransactionClient;

/** A step that was raised and stands: nobody has taken the customer, and they still wait. */
export interface StandingEscalation {
  id: string;
  customer: string;
  /** ms */
  waitedSince: number;
  percent: number;
  to: EscalationTarget;
}

const STANDS = { takenAt: null, leftAt: null };
/** Rows told of a workspace at most, as of its waits. */
const MOST_STANDING = 20_000;
/** Rows written in one statement. */
const AT_ONCE = 1_000;

interface Kept extends Omit<StandingEscalation, 'waitedSince' | 'to'> {
  waitedSince: Date;
  raisedTo: string;
}

const standingOf = ({ id, customer, waitedSince, percent, raisedTo }: Kept): StandingEscalation => ({
  id,
  customer,
  waitedSince: waitedSince.getTime(),
  percent,
  to: raisedTo as EscalationTarget,
});

export async function standingEscalations({ db }: Db, workspaceId: string): Promise<StandingEscalation[]> {
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.queueEscalation.findMany({
      where: { workspaceId, ...STANDS },
      orderBy: [{ raisedAt: 'asc' }, { id: 'asc' }],
      take: MOST_STANDING,
    }),
  );
  return rows.map(standingOf);
}

/** Who takes a customer and who raises a wait exclude each other: a wait is never raised after it was taken. */
export async function lockForTaking(tx: Tx, workspaceId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock_shared(hashtextextended(${lockName(workspaceId)}, 0))`;
}

async function lockForRaising(tx: Tx, workspaceId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${lockName(workspaceId)}, 0))`;
}

const lockName = (workspaceId: string) => `queue.escalations ${workspaceId}`;

/**
 * Raises steps that are due, each once however many look at the same time, unless somebody has the customer or is done
 * with them. What was thought to have left stands again.
 * @returns those that stand from now on
 */
export async function raiseEscalations(
  deps: Pick<Deps, 'db' | 'newId'>,
  workspaceId: string,
  due: readonly DueEscalation[],
  at: Date,
): Promise<StandingEscalation[]> {
  const raised: StandingEscalation[] = [];
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const rows = due
      .slice(from, from + AT_ONCE)
      .map((step) => ({ id: deps.newId('esc'), raisedAt: at, ...step, ...timesOf(step) }));
    const kept = await withWorkspace(deps.db, workspaceId, async (tx) => {
      await lockForRaising(tx, workspaceId);
      return raiseSome(tx, workspaceId, JSON.stringify(rows));
    });
    raised.push(...kept.map(standingOf));
  }
  return raised;
}

const timesOf = ({ waitedSince, dueAt }: DueEscalation) => ({
  waitedSince: new Date(waitedSince),
  dueAt: new Date(dueAt),
});

function raiseSome(tx: Tx, workspaceId: string, rows: string): Promise<Kept[]> {
  return tx.$queryRaw<Kept[]>`
    INSERT INTO queue_escalations AS kept
      (id, workspace_id, customer, channel, waited_since, percent, raised_to, due_at, raised_at)
    SELECT step.id, ${workspaceId}, step.customer, step.channel, step."waitedSince", step.percent, step."to",
           step."dueAt", step."raisedAt"
    FROM jsonb_to_recordset(${rows}::jsonb) AS step(
      id text, customer text, channel text, "waitedSince" timestamptz, percent int, "to" text,
      "dueAt" timestamptz, "raisedAt" timestamptz)
    WHERE NOT EXISTS (
      SELECT FROM queue_claims claim
      WHERE claim.workspace_id = ${workspaceId} AND claim.customer = step.customer
        AND claim.entered_at = step."waitedSince" AND claim.taken_by_id IS NOT NULL
        AND (claim.done_at IS NULL OR claim.outcome IN ('helped', 'notReached')))
    ON CONFLICT (workspace_id, customer, waited_since, percent) DO UPDATE SET left_at = NULL
      WHERE kept.left_at IS NOT NULL
    RETURNING id, customer, waited_since AS "waitedSince", percent, raised_to AS "raisedTo"`;
}

/** A row on record whose wait is over, and when it ended. */
export interface EndedWait {
  id: string;
  at: Date;
}

/** Ends what was raised of customers who left before anybody took them, each when they did. @returns how many ended */
export function endLeftEscalations(
  { db }: Db,
  workspaceId: string,
  left: readonly EndedWait[],
): Promise<number> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$executeRaw`
      UPDATE queue_escalations AS kept SET left_at = ended."at"
      FROM jsonb_to_recordset(${JSON.stringify(left)}::jsonb) AS ended(id text, "at" timestamptz)
      WHERE kept.workspace_id = ${workspaceId} AND kept.id = ended.id
        AND kept.taken_at IS NULL AND kept.left_at IS NULL`,
  );
}

/** Ends what was raised of a wait, as taken. */
export async function endTakenEscalations(
  tx: Tx,
  workspaceId: string,
  wait: { customer: string; enteredAt: Date; userId: string; at: Date },
): Promise<void> {
  const { customer, enteredAt: waitedSince, userId: takenById, at: takenAt } = wait;
  await tx.queueEscalation.updateMany({
    where: { workspaceId, customer, waitedSince, ...STANDS },
    data: { takenAt, takenById },
  });
}

/** Lets what was raised of waits stand again: who took the customer gave them back. @returns those that stand again */
export async function restoreEscalations(
  tx: Tx,
  workspaceId: string,
  customer: string,
  enteredAt: readonly Date[],
): Promise<StandingEscalation[]> {
  const rows = await tx.queueEscalation.updateManyAndReturn({
    where: { workspaceId, customer, waitedSince: { in: [...enteredAt] }, leftAt: null },
    data: { takenAt: null, takenById: null },
  });
  return rows.map(standingOf);
}

/** Escalations, newest first. */
export function listEscalations(
  { db }: Db,
  workspaceId: string,
  query: Pick<EscalationFilter, 'channel' | 'open'> & {
    take: number;
    after: { raisedAt: Date; id: string } | undefined;
  },
) {
  const { channel, open, take, after } = query;
  return withWorkspace(db, workspaceId, (tx) =>
    tx.queueEscalation.findMany({
      where: {
        workspaceId,
        channel,
        ...(open ? STANDS : {}),
        ...(after && {
          OR: [{ raisedAt: { lt: after.raisedAt } }, { raisedAt: after.raisedAt, id: { lt: after.id } }],
        }),
      },
      orderBy: [{ raisedAt: 'desc' }, { id: 'desc' }],
      take,
    }),
  );
}

/** How many waits stand raised, by channel and to whom. */
export async function countStanding({ db }: Db, workspaceId: string): Promise<OpenEscalations[]> {
  const rows = await withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<{ channel: ContactChannel; to: EscalationTarget; waits: number; since: Date }[]>`
      SELECT channel, raised_to AS "to", count(DISTINCT (customer, waited_since))::int AS waits,
             min(waited_since) AS since
      FROM queue_escalations
      WHERE workspace_id = ${workspaceId} AND taken_at IS NULL AND left_at IS NULL
      GROUP BY channel, raised_to ORDER BY raised_to DESC, channel`,
  );
  return rows.map(({ since, ...counted }) => ({ ...counted, since: since.getTime() }));
}
