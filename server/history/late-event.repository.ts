import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { LateSpan } from './late-event.schema';
import { LATENESS_EDGES_MS, type LateFact } from './late-view.schema';

type Db = Pick<Deps, 'db'>;

/** Where a page ended. */
export interface LatePlace {
  loggedAt: Date;
  shardId: number;
  partition: number;
  position: string;
}

export interface LateRow extends LatePlace {
  customer: string;
  messageId: string;
  name: string;
  eventAt: Date;
  latenessMs: number;
  published: { facts?: LateFact[] };
  corrected: { facts?: LateFact[] };
}

function within(workspaceId: string, { from, to, name, key, changed, minLatenessMs }: LateSpan): Prisma.Sql {
  const conditions = [
    Prisma.sql`workspace_id = ${workspaceId}`,
    Prisma.sql`logged_at >= ${new Date(from)} AND logged_at < ${new Date(to)}`,
  ];
  if (name !== '') conditions.push(Prisma.sql`position(lower(${name}) IN lower(name)) > 0`);
  if (key !== '') conditions.push(Prisma.sql`(message_id = ${key} OR customer = ${key})`);
  if (minLatenessMs > 0) conditions.push(Prisma.sql`lateness_ms >= ${minLatenessMs}`);
  if (changed) conditions.push(CHANGED);
  return Prisma.join(conditions, ' AND ');
}

const CHANGED = Prisma.sql`(published->'facts' <> '[]'::jsonb OR corrected->'facts' <> '[]'::jsonb)`;

/** Late events, latest logged first, after `place`; at most `limit`. */
export function readLateEvents(
  { db }: Db,
  workspaceId: string,
  span: LateSpan,
  place: LatePlace | null,
  limit: number,
): Promise<LateRow[]> {
  const after = place
    ? Prisma.sql`AND (logged_at, shard_id, partition, position) <
        (${place.loggedAt}, ${place.shardId}, ${place.partition}, ${place.position})`
    : Prisma.empty;
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<LateRow[]>`
      SELECT shard_id AS "shardId", partition, position, customer, message_id AS "messageId", name,
             event_at AS "eventAt", logged_at AS "loggedAt", lateness_ms::float8 AS "latenessMs", published, corrected
      FROM late_events WHERE ${within(workspaceId, span)} ${after}
      ORDER BY logged_at DESC, shard_id DESC, partition DESC, position DESC LIMIT ${limit}`,
  );
}

export interface LateCounts {
  total: number;
  changed: number;
  medianMs: number | null;
  greatestMs: number | null;
  /** bucket of `width_bucket` → count */
  buckets: { bucket: number; count: number }[];
}

/** Counts over a span, in one transaction. */
export function countLateEvents({ db }: Db, workspaceId: string, span: LateSpan): Promise<LateCounts> {
  const where = within(workspaceId, span);
  return withWorkspace(db, workspaceId, async (tx) => {
    const [sums] = await tx.$queryRaw<[Omit<LateCounts, 'buckets'>]>`
      SELECT count(*)::int AS total, (count(*) FILTER (WHERE ${CHANGED}))::int AS changed,
             percentile_cont(0.5) WITHIN GROUP (ORDER BY lateness_ms) AS "medianMs",
             max(lateness_ms)::float8 AS "greatestMs"
      FROM late_events WHERE ${where}`;
    const buckets = await tx.$queryRaw<{ bucket: number; count: number }[]>`
      SELECT width_bucket(lateness_ms, ${[...LATENESS_EDGES_MS]}::bigint[]) AS bucket, count(*)::int AS count
      FROM late_events WHERE ${where} GROUP BY 1`;
    return { ...sums, buckets };
  });
}
