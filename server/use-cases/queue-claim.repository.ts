import type { Redis } from 'ioredis';
import { partitionOf } from '@/server/core/partition';
import { valuesOf } from '@/server/core/redis-replies';
import { entryTime, offsetKey } from '@/server/event-log';
import type { RecordTimes } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace, workspacesWith } from '@/server/platform/postgres';
import { partitionKeys } from '@/server/scaling';
import type { QueueEntry } from '@/server/streaming/partition-step';
import {
  type EndedWait,
  endTakenEscalations,
  lockForTaking,
  restoreEscalations,
  type StandingEscalation,
} from './escalation.repository';
import type { ClaimOutcome } from './queue-claim.schema';

/** A wait in the queue, as recorded. */
export interface WaitRow {
  id: string;
  customer: string;
  reason: string;
  enteredAt: Date;
  takenById: string | null;
  takenAt: Date | null;
  breachedAt: Date | null;
}

export interface ShardRow {
  id: number;
  partitions: number;
}

export function shardsOf(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<ShardRow[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.shard.findMany({ where: { workspaceId }, select: { id: true, partitions: true } }),
  );
}

export async function queueEntryOf(
  logRedis: Redis,
  shards: readonly ShardRow[],
  customer: string,
): Promise<QueueEntry | null> {
  for (const { id, partitions } of shards) {
    const text = await logRedis.hget(`{${id}.${partitionOf(customer, partitions)}}:queue`, customer);
    if (text) return JSON.parse(text) as QueueEntry;
  }
  return null;
}

/** Every entry of a shard's queue, in one pipeline. */
export async function queueEntriesOf(logRedis: Redis, shard: ShardRow): Promise<QueueEntry[]> {
  return (await queuesOf(logRedis, [shard])).flatMap((entries) => entries());
}

/**
 * Reads each shard's queue, all in one pipeline.
 * @returns for each shard its entries, told when asked for: a queue that cannot be read throws then, and spoils no other
 */
export async function queuesOf(
  logRedis: Redis,
  shards: readonly ShardRow[],
): Promise<(() => QueueEntry[])[]> {
  const pipeline = logRedis.pipeline();
  for (const { id, partitions } of shards)
    for (let partition = 0; partition < partitions; partition += 1)
      pipeline.hvals(`{${id}.${partition}}:queue`);
  const replies = await pipeline.exec();
  if (replies === null) throw new Error('The queues were not read.');
  let next = 0;
  return shards.map(({ partitions }) => {
    const own = replies.slice(next, next + partitions);
    next += partitions;
    return () => (valuesOf(own) as string[][]).flat().map((text) => JSON.parse(text) as QueueEntry);
  });
}

/** Where a partition is in time, ms; null: it has none. */
export interface PartitionTimes extends RecordTimes {
  /** when its earliest timer is due */
  nextTimer: number | null;
}

/** Where each partition of a shard is in time, in one pipeline. */
export async function timesOfPartitions(
  logRedis: Redis,
  { id, partitions }: ShardRow,
): Promise<PartitionTimes[]> {
  const pipeline = logRedis.pipeline();
  for (let partition = 0; partition < partitions; partition += 1) {
    const { timers, clock } = partitionKeys(id, partition);
    pipeline
      .zrange(timers, '0', '0', 'WITHSCORES')
      .hget(offsetKey(id, partition, 'main'), 'id')
      .hget(clock, 'newest');
  }
  const replies = valuesOf(await pipeline.exec());
  return Array.from({ length: partitions }, (_, partition) => {
    const [timer = [], offset = null, newest = null] = replies.slice(partition * 3) as [
      string[]?,
      string?,
      string?,
    ];
    return {
      nextTimer: timer[1] === undefined ? null : Number(timer[1]),
      recordAt: offset === null ? null : entryTime(offset),
      newestAt: newest === null ? null : Number(newest),
    };
  });
}

/**
 * Of the workspaces, those with waits or escalations that are not over, or with times or steps of their own by which a
 * wait is judged.
 */
export function workspacesWithWaits(
  deps: Pick<Deps, 'db'>,
  workspaceIds: readonly string[],
): Promise<Set<string>> {
  return workspacesWith(
    deps.db,
    workspaceIds,
    `SELECT FROM queue_claims WHERE workspace_id = $1 AND done_at IS NULL
     UNION ALL SELECT FROM sla_policies WHERE workspace_id = $1
     UNION ALL SELECT FROM escalation_plans WHERE workspace_id = $1
     UNION ALL SELECT FROM queue_escalations WHERE workspace_id = $1 AND taken_at IS NULL AND left_at IS NULL`,
  );
}

/** Waits that are not over: taken by someone, or noted as breached. */
export function openWaits(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<WaitRow[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.queueClaim.findMany({
      where: { workspaceId, doneAt: null },
      orderBy: { enteredAt: 'desc' },
      take: 20_000,
    }),
  );
}

export interface Taking {
  customer: string;
  reason: string;
  enteredAt: Date;
  userId: string;
  at: Date;
  breachedAt: Date | null;
}

/**
 * Gives a wait to a person unless another has it: one statement decides between two who take at once. What was escalated of
 * it ends with that.
 * @returns the id of who has it now
 */
export async function takeWait(
  deps: Pick<Deps, 'db' | 'newId'>,
  workspaceId: string,
  { customer, reason, enteredAt, userId, at, breachedAt }: Taking,
): Promise<string> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    await lockForTaking(tx, workspaceId);
    const [row] = await tx.$queryRaw<{ taken_by_id: string }[]>`
      INSERT INTO queue_claims (id, workspace_id, customer, reason, entered_at, taken_by_id, taken_at, breached_at)
      VALUES (${deps.newId('wait')}, ${workspaceId}, ${customer}, ${reason}, ${enteredAt}, ${userId}, ${at}, ${breachedAt})
      ON CONFLICT (workspace_id, customer, entered_at) DO UPDATE SET
        taken_by_id = CASE WHEN queue_claims.done_at IS NULL
          THEN coalesce(queue_claims.taken_by_id, excluded.taken_by_id) ELSE excluded.taken_by_id END,
        taken_at = coalesce(queue_claims.taken_at, excluded.taken_at),
        breached_at = coalesce(queue_claims.breached_at, excluded.breached_at),
        done_at = NULL, outcome = NULL
      RETURNING taken_by_id`;
    const holder = row?.taken_by_id ?? userId;
    if (holder === userId) await endTakenEscalations(tx, workspaceId, { customer, enteredAt, userId, at });
    return holder;
  });
}

/**
 * Ends the waits of a customer that a person has taken. What was escalated of one that is given back stands again.
 * @returns how many ended, and what stands again
 */
export function endWaits(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  { customer, userId }: { customer: string; userId: string },
  end: { at: Date; outcome: ClaimOutcome },
): Promise<{ ended: number; restored: StandingEscalation[] }> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const waits = await tx.queueClaim.updateManyAndReturn({
      where: { workspaceId, customer, takenById: userId, doneAt: null },
      data: { doneAt: end.at, outcome: end.outcome },
      select: { enteredAt: true },
    });
    const since = waits.map(({ enteredAt }) => enteredAt);
    const isBack = end.outcome === 'released' && since.length > 0;
    const restored = isBack ? await restoreEscalations(tx, workspaceId, customer, since) : [];
    return { ended: waits.length, restored };
  });
}

/**
 * Ends waits of customers who left, each when it did, though not before it was taken. One that turns out to have ended before
 * its time was up passed no time, whenever that was learned.
 */
export async function endLeftWaits(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  left: readonly EndedWait[],
): Promise<void> {
  if (left.length === 0) return;
  await withWorkspace(
    deps.db,
    workspaceId,
    (tx) => tx.$executeRaw`
      UPDATE queue_claims AS kept SET
        done_at = greatest(ended."at", kept.taken_at), outcome = 'left',
        breached_at = CASE WHEN kept.taken_at IS NULL AND kept.breached_at > ended."at" THEN NULL
          ELSE kept.breached_at END
      FROM jsonb_to_recordset(${JSON.stringify(left)}::jsonb) AS ended(id text, "at" timestamptz)
      WHERE kept.workspace_id = ${workspaceId} AND kept.id = ended.id AND kept.done_at IS NULL`,
  );
}

/** Notes waits that passed their time; a wait that is known already keeps who took it. @returns how many are new on record */
export async function noteBreaches(
  deps: Pick<Deps, 'db' | 'newId'>,
  workspaceId: string,
  breaches: readonly { customer: string; reason: string; enteredAt: Date; breachedAt: Date }[],
): Promise<number> {
  if (breaches.length === 0) return 0;
  const { count } = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.queueClaim.createMany({
      data: breaches.map((breach) => ({ id: deps.newId('wait'), workspaceId, ...breach })),
      skipDuplicates: true,
    }),
  );
  return count;
}

/** Names of people, by id. */
export async function namesOf(
  deps: Pick<Deps, 'db'>,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const users = await deps.db.user.findMany({
    where: { id: { in: [...userIds] } },
    select: { id: true, name: true },
  });
  return new Map(users.map(({ id, name }) => [id, name]));
}

/** Waits that began or were taken since then, for figures of the recent past. */
export function waitsSince(deps: Pick<Deps, 'db'>, workspaceId: string, since: Date): Promise<WaitRow[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.queueClaim.findMany({
      where: { workspaceId, OR: [{ takenAt: { gte: since } }, { breachedAt: { gte: since } }] },
      take: 20_000,
    }),
  );
}

/** How agents answered what was offered since then: response → count. */
export async function responsesSince(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  since: Date,
): Promise<Map<string, number>> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.decisionResponse.groupBy({
      by: ['response'],
      where: { workspaceId, at: { gte: since } },
      _count: true,
    }),
  );
  return new Map(rows.map(({ response, _count }) => [response, _count]));
}
