import { DAY_MS } from '@/server/core/durations';
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

/** Deletes metric samples that are too old. @returns how many */
export async function dropOldSamples(deps: Pick<Deps, 'db' | 'now'>): Promise<number> {
  const before = new Date(deps.now() - SAMPLE_DAYS * DAY_MS);
  let dropped = 0;
  for (const { id } of await deps.db.workspace.findMany({ select: { id: true } })) {
    const count = () =>
      withWorkspace(
        deps.db,
        id,
        (tx) => tx.$executeRaw`
          DELETE FROM metric_samples WHERE ctid IN (
            SELECT ctid FROM metric_samples WHERE workspace_id = ${id} AND at < ${before} LIMIT ${DELETE_AT_ONCE})`,
      );
    for (let gone = await count(); gone > 0; gone = await count()) dropped += gone;
  }
  return dropped;
}
