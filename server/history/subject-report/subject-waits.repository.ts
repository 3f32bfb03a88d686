import type { Redis } from 'ioredis';
import { partitionOf } from '@/server/core/partition';
import { valuesOf } from '@/server/core/redis-replies';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { partitionKeys } from '@/server/scaling';
import type { QueueEntry } from '@/server/streaming/partition-step';
import { MOST_ESCALATIONS, MOST_WAITS } from './subject-report.schema';

type Db = Pick<Deps, 'db'>;

/** Of how many it is one, and when the oldest of them began. */
interface OfAll {
  total: number;
  oldest: Date;
}

/** Who has or had the customer; without a name: somebody who is no longer known. */
interface Taking {
  takenAt: Date | null;
  takenById: string | null;
  takenBy: string | null;
}

export interface WaitOfKeys extends OfAll, Taking {
  key: string;
  reason: string;
  since: Date;
  breachedAt: Date | null;
  endedAt: Date | null;
  outcome: string | null;
}

/** Waits of the keys that were taken or passed their time, the newest first. */
export function waitsOfKeys({ db }: Db, workspaceId: string, keys: readonly string[]): Promise<WaitOfKeys[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<WaitOfKeys[]>`
      SELECT w.customer AS key, w.reason, w.entered_at AS since, w.breached_at AS "breachedAt", w.taken_at AS "takenAt",
             w.taken_by_id AS "takenById", u.name AS "takenBy", w.done_at AS "endedAt", w.outcome,
             (count(*) OVER ())::int AS total, min(w.entered_at) OVER () AS oldest
      FROM queue_claims w LEFT JOIN users u ON u.id = w.taken_by_id
      WHERE w.workspace_id = ${workspaceId} AND w.customer = ANY(${[...keys]}::text[])
      ORDER BY w.entered_at DESC, w.id LIMIT ${MOST_WAITS}`,
  );
}

export interface EscalationOfKeys extends OfAll, Taking {
  key: string;
  channel: 'chat' | 'call';
  since: Date;
  percent: number;
  to: 'agents' | 'supervisors';
  raisedAt: Date;
  leftAt: Date | null;
}

/** What was raised of waits of the keys, the newest first. */
export function escalationsOfKeys(
  { db }: Db,
  workspaceId: string,
  keys: readonly string[],
): Promise<EscalationOfKeys[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<EscalationOfKeys[]>`
      SELECT e.customer AS key, e.channel, e.waited_since AS since, e.percent, e.raised_to AS "to", e.raised_at AS "raisedAt",
             e.taken_at AS "takenAt", e.taken_by_id AS "takenById", u.name AS "takenBy", e.left_at AS "leftAt",
             (count(*) OVER ())::int AS total, min(e.waited_since) OVER () AS oldest
      FROM queue_escalations e LEFT JOIN users u ON u.id = e.taken_by_id
      WHERE e.workspace_id = ${workspaceId} AND e.customer = ANY(${[...keys]}::text[])
      ORDER BY e.raised_at DESC, e.percent DESC, e.id LIMIT ${MOST_ESCALATIONS}`,
  );
}

/** Where the keys stand in the agents' queue now: in each shard once at most for each key. */
export async function queuedNow(
  logRedis: Redis,
  shards: readonly { id: number; partitions: number }[],
  keys: readonly string[],
): Promise<QueueEntry[]> {
  const looks = logRedis.pipeline();
  for (const { id, partitions } of shards)
    for (const [partition, group] of Map.groupBy(keys, (key) => partitionOf(key, partitions)))
      looks.hmget(partitionKeys(id, partition).queue, ...group);
  const found = valuesOf(await looks.exec()) as (string | null)[][];
  return found.flat().flatMap((text) => (text === null ? [] : [JSON.parse(text) as QueueEntry]));
}
