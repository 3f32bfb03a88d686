import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

type Db = Pick<Deps, 'db'>;

/** A stretch of the history of some partitions of a shard; log time, half-open, ms. */
export interface Stretch {
  workspaceId: string;
  shardId: number;
  partitions: readonly number[];
  from: number;
  to: number;
}

/** A check reads no more rows than this, and compares no more ids than this with what came before. */
const MOST_ROWS = 200_000;
const MOST_SAMPLED = 250;
/** Events of a customer, newest first, among which an id of the sample is looked for. */
const MOST_EARLIER = 1_000;
const READ_LIMIT_MS = 30_000;

/** The rows of a stretch. Positions begin with the log time: the key's own order finds them, the time bounds them exactly. */
function rowsOf({ workspaceId, shardId, partitions, from, to }: Stretch): Prisma.Sql {
  return Prisma.sql`
    SELECT partition, position, logged_at, event_at, customer, source_id, message_id
    FROM history_events
    WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ANY(${[...partitions]})
      AND position >= ${String(from)} AND position < ${String(to)}
      AND logged_at >= ${new Date(from)} AND logged_at < ${new Date(to)}
    LIMIT ${MOST_ROWS}`;
}

export interface OrderRow {
  partition: number;
  events: number;
  outOfOrder: number;
}

/**
 * Events of each partition, and how many of them stand in the log after one of the same customer and source with a later
 * event time: whoever brought them out of order – the sender, the way, or we.
 */
export function readOrder({ db }: Db, stretch: Stretch): Promise<OrderRow[]> {
  return withLimit(
    db,
    stretch.workspaceId,
    (tx) => tx.$queryRaw<OrderRow[]>`
      SELECT partition, count(*)::int AS events,
             count(*) FILTER (WHERE customer IS NOT NULL AND event_at < newest)::int AS "outOfOrder"
      FROM (
        SELECT partition, customer, event_at,
               max(event_at) OVER (
                 PARTITION BY partition, customer, source_id
                 ORDER BY logged_at, split_part(split_part(position, '/', 1), '-', 2)::bigint,
                          split_part(position, '/', 2)::int
                 ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
               ) AS newest
        FROM (${rowsOf(stretch)}) AS stretch
      ) AS ordered
      GROUP BY partition`,
  );
}

/**
 * Effects beyond the first of their id: all within the stretch, and of a sample of its ids – those that were sent again, and
 * others by chance – all that stand before it among the latest events of the same customer. What is sent again comes with
 * the customer and mostly with the time it had; an index of ids, which would find others too, costs every event.
 */
export function readLeaks({ db }: Db, stretch: Stretch): Promise<{ sampled: number; leaked: number }> {
  const { workspaceId, shardId, partitions, from, to } = stretch;
  return withLimit(db, workspaceId, async (tx) => {
    const [found] = await tx.$queryRaw<[{ sampled: number; leaked: number }]>`
      WITH stretch AS MATERIALIZED (${rowsOf(stretch)}),
      within AS (
        SELECT coalesce(sum(n - 1), 0)::int AS leaked
        FROM (SELECT count(*) AS n FROM stretch GROUP BY source_id, message_id HAVING count(*) > 1) AS repeated
      ),
      again AS (
        SELECT source_id, message_id FROM duplicate_attempts
        WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ANY(${[...partitions]})
          AND position >= ${String(from)} AND position < ${String(to)}
        LIMIT ${MOST_SAMPLED}
      ),
      sample AS (
        SELECT DISTINCT ON (source_id, message_id) source_id, message_id, customer, event_at
        FROM (
          (SELECT * FROM stretch WHERE (source_id, message_id) IN (SELECT * FROM again))
          UNION ALL
          (SELECT * FROM stretch ORDER BY random() LIMIT ${MOST_SAMPLED})
        ) AS drawn
      )
      SELECT (SELECT count(*) FROM sample)::int AS sampled,
             (SELECT leaked FROM within) + (
               SELECT count(*)::int FROM sample WHERE EXISTS (
                 SELECT FROM (
                   SELECT source_id, message_id FROM history_events earlier
                   WHERE earlier.customer = sample.customer AND earlier.shard_id = ${shardId}
                     AND earlier.event_at <= sample.event_at AND earlier.workspace_id = ${workspaceId}
                     AND earlier.logged_at < ${new Date(from)}
                   ORDER BY earlier.event_at DESC LIMIT ${MOST_EARLIER}
                 ) AS before
                 WHERE before.message_id = sample.message_id AND before.source_id = sample.source_id
               )
             ) AS leaked`;
    return found;
  });
}

function withLimit<T>(
  db: Deps['db'],
  workspaceId: string,
  read: (tx: Prisma.TransactionClient) => Promise<T>,
): Promise<T> {
  return withWorkspace(db, workspaceId, async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${READ_LIMIT_MS}`);
    return read(tx);
  });
}

export interface DeliveryCheckRow {
  from: number;
  to: number;
  events: number;
  partitions: number;
  /** the index is the partition */
  outOfOrder: number[];
  sampled: number;
  leaked: number;
}

type ShardPlace = Pick<Stretch, 'workspaceId' | 'shardId'>;

/** Until when the shard has been checked, ms; null: never. */
export async function lastChecked({ db }: Db, { workspaceId, shardId }: ShardPlace): Promise<number | null> {
  const row = await withWorkspace(db, workspaceId, (tx) =>
    tx.deliveryCheck.findFirst({ where: { workspaceId, shardId }, orderBy: { checkedTo: 'desc' } }),
  );
  return row?.checkedTo.getTime() ?? null;
}

/** Keeps a check, and lets those go that are older than `keptMs`. */
export async function writeCheck(
  { db }: Db,
  { workspaceId, shardId }: ShardPlace,
  { from, to, ...counts }: DeliveryCheckRow,
  keptMs: number,
): Promise<void> {
  await withWorkspace(db, workspaceId, async (tx) => {
    await tx.deliveryCheck.createMany({
      data: [{ workspaceId, shardId, checkedFrom: new Date(from), checkedTo: new Date(to), ...counts }],
      skipDuplicates: true,
    });
    await tx.deliveryCheck.deleteMany({
      where: { workspaceId, shardId, checkedTo: { lt: new Date(to - keptMs) } },
    });
  });
}

export interface CheckSums {
  checks: number;
  events: number;
  sampled: number;
  leaked: number;
  outOfOrder: number;
  /** ms; null: no check */
  from: number | null;
  to: number | null;
}

/** What the checks of a time found. */
export async function sumChecks(
  { db }: Db,
  workspaceId: string,
  from: number,
  to: number,
): Promise<CheckSums> {
  const [row] = await withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<
      [
        {
          checks: number;
          events: bigint;
          sampled: bigint;
          leaked: bigint;
          disorder: bigint;
          from: Date | null;
          to: Date | null;
        },
      ]
    >`
      SELECT count(*)::int AS checks, coalesce(sum(events), 0)::bigint AS events,
             coalesce(sum(sampled), 0)::bigint AS sampled, coalesce(sum(leaked), 0)::bigint AS leaked,
             coalesce(sum((SELECT sum(n) FROM unnest(out_of_order) AS n)), 0)::bigint AS disorder,
             min(checked_from) AS "from", max(checked_to) AS "to"
      FROM delivery_checks
      WHERE workspace_id = ${workspaceId} AND checked_to > ${new Date(from)} AND checked_from < ${new Date(to)}`,
  );
  return {
    checks: row.checks,
    events: Number(row.events),
    sampled: Number(row.sampled),
    leaked: Number(row.leaked),
    outOfOrder: Number(row.disorder),
    from: row.from?.getTime() ?? null,
    to: row.to?.getTime() ?? null,
  };
}

/** Events out of order by shard and partition in a time; only those with any. */
export function disorderByPartition(
  { db }: Db,
  workspaceId: string,
  from: number,
): Promise<{ shardId: number; partition: number; outOfOrder: number }[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<{ shardId: number; partition: number; outOfOrder: number }[]>`
      SELECT shard_id AS "shardId", (place - 1)::int AS partition, sum(n)::int AS "outOfOrder"
      FROM delivery_checks, unnest(out_of_order) WITH ORDINALITY AS each(n, place)
      WHERE workspace_id = ${workspaceId} AND checked_to > ${new Date(from)}
      GROUP BY 1, 2 HAVING sum(n) > 0
      ORDER BY 3 DESC LIMIT 4096`,
  );
}
