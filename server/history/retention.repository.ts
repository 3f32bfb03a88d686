import type { Prisma } from '@/prisma/client/client';
import { DAY_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** Day partitions of history that stand ready ahead of time. */
const DAYS_AHEAD = 3;
/** Metric samples are kept for a quarter: baselines and previews look no further back. */
const SAMPLE_DAYS = 92;
const DELETE_AT_ONCE = 20_000;

/** Makes the day partitions of history from yesterday on, so that a day can leave as one piece later. */
export async function ensureHistoryDays(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const today = Math.floor(deps.now() / DAY_MS);
  for (let day = today - 1; day <= today + DAYS_AHEAD; day += 1) {
    const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
    await deps.db.$executeRaw`SELECT ensure_history_day(${date}::date)`;
  }
  return DAYS_AHEAD + 2;
}

/** Records of the log that are no events serve replays after a snapshot, and hold states on their way: kept a week. */
export const RECORD_DAYS = 7;

/** Deletes links, transfers and ticks that no recovery would replay any more. @returns how many */
export async function dropOldRecords(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const before = daysAgo(deps, RECORD_DAYS);
  return dropInEveryWorkspace(
    deps,
    (tx, id) => tx.$executeRaw`
      DELETE FROM history_records WHERE ctid IN (
        SELECT ctid FROM history_records WHERE workspace_id = ${id} AND logged_at < ${before} LIMIT ${DELETE_AT_ONCE})`,
  );
}

/** Deletes metric samples that are too old. @returns how many */
export async function dropOldSamples(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const before = daysAgo(deps, SAMPLE_DAYS);
  return dropInEveryWorkspace(
    deps,
    (tx, id) => tx.$executeRaw`
      DELETE FROM metric_samples WHERE ctid IN (
        SELECT ctid FROM metric_samples WHERE workspace_id = ${id} AND at < ${before} LIMIT ${DELETE_AT_ONCE})`,
  );
}

/** Contests of labels are kept for a year, to compare models by; one that was taken back, for a month. */
export const CONTEST_DAYS = 365;
export const WITHDRAWN_CONTEST_DAYS = 31;

/** Deletes what agents said against labels too long ago. @returns how many */
export async function dropOldContests(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const before = daysAgo(deps, CONTEST_DAYS);
  const withdrawnBefore = daysAgo(deps, WITHDRAWN_CONTEST_DAYS);
  return dropInEveryWorkspace(
    deps,
    (tx, id) => tx.$executeRaw`
      DELETE FROM label_contests WHERE ctid IN (
        SELECT ctid FROM label_contests
        WHERE workspace_id = ${id} AND (at < ${before} OR withdrawn_at < ${withdrawnBefore}) LIMIT ${DELETE_AT_ONCE})`,
  );
}

/** A consent signal that denies nothing shows for 13 months that it was given. */
export const ALLOWING_SIGNAL_DAYS = 395;

/**
 * Deletes signals taken in too long ago that deny nothing, which changes nothing that is in force. One that denies is what
 * keeps its denial in force, and one that waits is a wish not yet carried out: neither has an end. @returns how many
 */
export async function dropOldSignals(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const before = daysAgo(deps, ALLOWING_SIGNAL_DAYS);
  return dropInEveryWorkspace(
    deps,
    (tx, id) => tx.$executeRaw`
      DELETE FROM consent_signals WHERE ctid IN (
        SELECT ctid FROM consent_signals
        WHERE workspace_id = ${id} AND taken_at < ${before} AND cardinality(denied) = 0 LIMIT ${DELETE_AT_ONCE})`,
  );
}

/** Waits for an agent, and what was raised of them, are kept as long as the samples they are read beside. */
export const WAIT_DAYS = SAMPLE_DAYS;

/** Deletes escalations raised too long ago; one that stands stays until it ends. @returns how many */
export async function dropOldEscalations(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const before = daysAgo(deps, WAIT_DAYS);
  return dropInEveryWorkspace(
    deps,
    (tx, id) => tx.$executeRaw`
      DELETE FROM queue_escalations WHERE ctid IN (
        SELECT ctid FROM queue_escalations WHERE workspace_id = ${id} AND raised_at < ${before}
          AND (taken_at IS NOT NULL OR left_at IS NOT NULL) LIMIT ${DELETE_AT_ONCE})`,
  );
}

/**
 * Deletes waits that ended too long ago. The end counts, not the beginning: a wait that somebody is done with is never raised
 * again, and it is this row that says so. @returns how many
 */
export async function dropOldWaits(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const before = daysAgo(deps, WAIT_DAYS);
  return dropInEveryWorkspace(
    deps,
    (tx, id) => tx.$executeRaw`
      DELETE FROM queue_claims WHERE ctid IN (
        SELECT ctid FROM queue_claims WHERE workspace_id = ${id} AND done_at < ${before} LIMIT ${DELETE_AT_ONCE})`,
  );
}

const daysAgo = (deps: Pick<Deps, 'now'>, days: number) => new Date(deps.now() - days * DAY_MS);

/** Deletes a piece at a time until nothing is left to delete. */
async function dropInEveryWorkspace(
  deps: Pick<Deps, 'db'>,
  dropSome: (tx: Prisma.TransactionClient, workspaceId: string) => Promise<number>,
): Promise<number> {
  const dropIn = async (id: string) => {
    let dropped = 0;
    const count = () => withWorkspace(deps.db, id, (tx) => dropSome(tx, id));
    for (let gone = await count(); gone > 0; gone = await count()) dropped += gone;
    return dropped;
  };
  const workspaces = await deps.db.workspace.findMany({ select: { id: true } });
  const dropped = await eachInTurn(
    workspaces,
    ({ id }) => id,
    ({ id }) => dropIn(id),
  );
  return dropped.reduce((sum, one) => sum + one, 0);
}
