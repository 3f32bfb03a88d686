import { Prisma } from '@/prisma/client/client';
import { HOUR_MS, MINUTE_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { withWorkspace } from '@/server/platform/postgres';
import type { FactKind } from '@/server/streaming/fact';

type Db = Pick<Deps, 'db'>;

const READ_LIMIT_MS = 20_000;
/** Groups of one reading: more would take longer than a page may, and more memory than one question is worth. */
export const MOST_GROUPS = 100_000;

/** Which facts, and how coarsely: event time in slots, log time in buckets, ms. */
export interface FactReading {
  kinds: readonly FactKind[];
  from: number;
  to: number;
  slotMs: number;
  bucketMs: number;
}

/** What the facts of one kind, slot and bucket sum to, signs included. */
export interface FactGroup {
  bucket: number;
  slot: number;
  kind: FactKind;
  currency: string | null;
  platform: string | null;
  count: number;
  amount: string | null;
}

/** Newest event time of a partition's facts in a bucket of log time, ms. */
export interface PartitionMark {
  bucket: number;
  partition: string;
  newest: number;
}

/**
 * Log time of a fact: a position begins with the entry's time in the log. A log whose positions tell no time is taken to
 * have had its facts when they were.
 */
const LOGGED = Prisma.sql`CASE WHEN position ~ '^[0-9]{12,15}-' THEN split_part(position, '-', 1)::bigint
  ELSE (extract(epoch FROM at) * 1000)::bigint END`;

/** Facts of a range in order of the log, then of event time; at most `MOST_GROUPS` + 1 groups. */
export function readFactGroups(db: Db, workspaceId: string, reading: FactReading): Promise<FactGroup[]> {
  const { kinds, from, to, slotMs, bucketMs } = reading;
  return readFacts(
    db,
    workspaceId,
    Prisma.sql`
      SELECT (${LOGGED} / ${bucketMs}::bigint)::float8 AS bucket,
             floor(extract(epoch FROM at) * 1000 / ${slotMs}::int)::float8 AS slot,
             kind, currency, platform, sum(sign)::int AS count, sum(sign * amount)::text AS amount
      FROM history_facts
      WHERE workspace_id = ${workspaceId} AND at >= ${new Date(from)} AND at < ${new Date(to)}
        AND kind IN (${Prisma.join([...kinds])})
      GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2 LIMIT ${MOST_GROUPS + 1}`,
  );
}

/** How far each partition's facts of a range had come, by bucket of log time. */
export function readPartitionMarks(
  db: Db,
  workspaceId: string,
  { from, to, bucketMs }: Pick<FactReading, 'from' | 'to' | 'bucketMs'>,
): Promise<PartitionMark[]> {
  return readFacts(
    db,
    workspaceId,
    Prisma.sql`
      SELECT (${LOGGED} / ${bucketMs}::bigint)::float8 AS bucket, shard_id || '.' || partition AS partition,
             (extract(epoch FROM max(at)) * 1000)::float8 AS newest
      FROM history_facts
      WHERE workspace_id = ${workspaceId} AND at >= ${new Date(from)} AND at < ${new Date(to)}
      GROUP BY 1, shard_id, partition ORDER BY 1 LIMIT ${MOST_GROUPS + 1}`,
  );
}

/** Newest fact of each partition that had one in the last hour. */
export function newestFacts(
  db: Db,
  workspaceId: string,
  now: number,
): Promise<{ partition: string; newest: number }[]> {
  return readFacts(
    db,
    workspaceId,
    Prisma.sql`
      SELECT shard_id || '.' || partition AS partition, (extract(epoch FROM max(at)) * 1000)::float8 AS newest
      FROM history_facts
      WHERE workspace_id = ${workspaceId} AND at >= ${new Date(now - HOUR_MS)} AND at < ${new Date(now + 10 * MINUTE_MS)}
      GROUP BY shard_id, partition LIMIT ${MOST_GROUPS}`,
  );
}

function readFacts<Row>({ db }: Db, workspaceId: string, query: Prisma.Sql): Promise<Row[]> {
  return withWorkspace(db, workspaceId, async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${READ_LIMIT_MS}`);
    return tx.$queryRaw<Row[]>(query);
  });
}

/** How long a partition may be silent before it holds no watermark back, ms. */
export function idleAfterMs(): number {
  return loadEnv().IDLE_MS;
}
