import { Prisma } from '@/prisma/client/client';
import { DAY_MS } from '@/server/core/durations';
import { eachInTurn } from '@/server/core/each-in-turn';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

type RetentionDeps = Pick<Deps, 'db' | 'now'>;

/** Day partitions of history that stand ready ahead of time. */
const DAYS_AHEAD = 3;
/** Metric samples are kept for a quarter: baselines and previews look no further back. */
const SAMPLE_DAYS = 92;
const DELETE_AT_ONCE = 20_000;

/** Makes the day partitions of history from yesterday on, so that a day can leave as one piece later. */
export async function ensureHistoryDays(deps: RetentionDeps): Promise<number> {
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
export const dropOldRecords = dropper(
  'history_records',
  (daysAgo) => Prisma.sql`logged_at < ${daysAgo(RECORD_DAYS)}`,
);

/** Deletes metric samples that are too old. @returns how many */
export const dropOldSamples = dropper(
  'metric_samples',
  (daysAgo) => Prisma.sql`at < ${daysAgo(SAMPLE_DAYS)}`,
);

/** Contests of labels are kept for a year, to compare models by; one that was taken back, for a month. */
export const CONTEST_DAYS = 365;
export const WITHDRAWN_CONTEST_DAYS = 31;

/** Deletes what agents said against labels too long ago. @returns how many */
export const dropOldContests = dropper(
  'label_contests',
  (daysAgo) => Prisma.sql`at < ${daysAgo(CONTEST_DAYS)} OR withdrawn_at < ${daysAgo(WITHDRAWN_CONTEST_DAYS)}`,
);

/** A consent signal that denies nothing shows for 13 months that it was given. */
export const ALLOWING_SIGNAL_DAYS = 395;

/**
 * Deletes signals taken in too long ago that deny nothing, which changes nothing that is in force. One that denies is what
 * keeps its denial in force, and one that waits is a wish not yet carried out: neither has an end. @returns how many
 */
export const dropOldSignals = dropper(
  'consent_signals',
  (daysAgo) => Prisma.sql`taken_at < ${daysAgo(ALLOWING_SIGNAL_DAYS)} AND cardinality(denied) = 0`,
);

/** Waits for an agent, and what was raised of them, are kept as long as the samples they are read beside. */
export const WAIT_DAYS = SAMPLE_DAYS;

/** Deletes escalations raised too long ago; one that stands stays until it ends. @returns how many */
export const dropOldEscalations = dropper(
  'queue_escalations',
  (daysAgo) =>
    Prisma.sql`raised_at < ${daysAgo(WAIT_DAYS)} AND (taken_at IS NOT NULL OR left_at IS NOT NULL)`,
);

/**
 * Deletes waits that ended too long ago. The end counts, not the beginning: a wait that somebody is done with is never raised
 * again, and it is this row that says so. @returns how many
 */
export const dropOldWaits = dropper('queue_claims', (daysAgo) => Prisma.sql`done_at < ${daysAgo(WAIT_DAYS)}`);

/**
 * Deletes what is old in a table, in every workspace, a piece at a time until nothing is left to delete.
 * @param isOld condition on its rows, by the moment so many days ago
 */
function dropper(table: string, isOld: (daysAgo: (days: number) => Date) => Prisma.Sql) {
  const from = Prisma.raw(table);
  return async (deps: RetentionDeps): Promise<number> => {
    const old = isOld((days) => new Date(deps.now() - days * DAY_MS));
    const dropSome = (id: string) =>
      withWorkspace(
        deps.db,
        id,
        (tx) => tx.$executeRaw`
          DELETE FROM ${from} WHERE ctid IN (
            SELECT ctid FROM ${from} WHERE workspace_id = ${id} AND (${old}) LIMIT ${DELETE_AT_ONCE})`,
      );
    const workspaces = await deps.db.workspace.findMany({ select: { id: true } });
    const dropped = await eachInTurn(
      workspaces,
      ({ id }) => id,
      ({ id }) => untilNothing(() => dropSome(id)),
    );
    return dropped.reduce((sum, one) => sum + one, 0);
  };
}

async function untilNothing(dropSome: () => Promise<number>): Promise<number> {
  let dropped = 0;
  for (let gone = await dropSome(); gone > 0; gone = await dropSome()) dropped += gone;
  return dropped;
}
