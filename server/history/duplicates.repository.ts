import { HOUR_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { withWorkspace } from '@/server/platform/postgres';

const READ_LIMIT_MS = 15_000;

export interface SuppressedRow {
  /** start of the step, ms */
  at: number;
  suppressed: number;
}

/**
 * Repeats that were suppressed at the door, by steps of log time. Positions begin with the log time in ms: the key finds
 * them by shard and partition, whatever event time they claim.
 */
export function countSuppressed(
  { db }: Pick<Deps, 'db'>,
  workspaceId: string,
  shards: readonly { shardId: number; partitions: number }[],
  range: { from: number; to: number; stepMs: number },
): Promise<SuppressedRow[]> {
  const { from, to, stepMs } = range;
  return withWorkspace(db, workspaceId, async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${READ_LIMIT_MS}`);
    const sums = new Map<number, number>();
    for (const { shardId, partitions } of shards) {
      const rows = await tx.$queryRaw<{ step: bigint; n: number }[]>`
        SELECT split_part(position, '-', 1)::bigint / ${stepMs} AS step, count(*)::int AS n
        FROM generate_series(0, ${partitions - 1}::int) AS place
        JOIN duplicate_attempts ON partition = place
        WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId}
          AND position >= ${String(from)} AND position < ${String(to)}
        GROUP BY 1`;
      for (const { step, n } of rows) sums.set(Number(step), (sums.get(Number(step)) ?? 0) + n);
    }
    return [...sums]
      .map(([step, suppressed]) => ({ at: step * stepMs, suppressed }))
      .sort((a, b) => a.at - b.at);
  });
}

/** Ids that were sent again most often in a span of log time, and when last. */
export async function mostRepeated(
  { db }: Pick<Deps, 'db'>,
  workspaceId: string,
  shards: readonly { shardId: number; partitions: number }[],
  { from, to }: { from: number; to: number },
  limit: number,
): Promise<{ messageId: string; sourceId: string; attempts: number; lastAt: number }[]> {
  const found = await withWorkspace(db, workspaceId, async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${READ_LIMIT_MS}`);
    const rows: { messageId: string; sourceId: string; attempts: number; lastAt: bigint }[] = [];
    for (const { shardId, partitions } of shards) {
      const some = await tx.$queryRaw<typeof rows>`
        SELECT message_id AS "messageId", source_id AS "sourceId", count(*)::int AS attempts,
               max(split_part(position, '-', 1)::bigint) AS "lastAt"
        FROM generate_series(0, ${partitions - 1}::int) AS place
        JOIN duplicate_attempts ON partition = place
        WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId}
          AND position >= ${String(from)} AND position < ${String(to)}
        GROUP BY 1, 2 ORDER BY 3 DESC, 4 DESC LIMIT ${limit}`;
      rows.push(...some);
    }
    return rows;
  });
  return found
    .map(({ lastAt, ...row }) => ({ ...row, lastAt: Number(lastAt) }))
    .sort((a, b) => b.attempts - a.attempts || b.lastAt - a.lastAt)
    .slice(0, limit);
}

/** How far back message ids are to be recognised, ms: a setting. */
export const promisedCoverageMs = (): number => loadEnv().DEDUP_HOURS * HOUR_MS;
