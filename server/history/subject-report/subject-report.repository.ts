import { Prisma } from '@/prisma/client/client';
import type { JsonObject } from '@/server/core/json';
import { shardIds } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { MOST_EVENTS_COUNTED } from './subject-report.schema';

type Db = Pick<Deps, 'db'>;

/** A key in a partition of a shard: where the stream writes what it makes of the person. */
export interface Place {
  shardId: number;
  partition: number;
}

interface EventCount {
  part: 'all' | 'name' | 'day' | 'source';
  name: string | null;
  kind: string | null;
  day: string | null;
  sourceId: string | null;
  platform: string | null;
  events: number;
  first: Date | null;
  last: Date | null;
}

/** Events of the keys counted as a whole, by name, by day of the zone and by source; of the newest 100,000 and one. */
export function countEvents(
  { db }: Db,
  workspaceId: string,
  keys: readonly string[],
  timeZone: string,
): Promise<EventCount[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<EventCount[]>`
      WITH held AS MATERIALIZED (
        SELECT event_at, name, kind, source_id, platform,
               to_char(event_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD') AS day
        FROM history_events
        WHERE workspace_id = ${workspaceId} AND customer = ANY(${[...keys]}::text[])
          AND shard_id = ANY(${shardIds(workspaceId)})
        ORDER BY event_at DESC LIMIT ${MOST_EVENTS_COUNTED + 1})
      SELECT CASE WHEN GROUPING(name) = 0 THEN 'name' WHEN GROUPING(day) = 0 THEN 'day'
                  WHEN GROUPING(source_id) = 0 THEN 'source' ELSE 'all' END AS part,
             name, kind, day, source_id AS "sourceId", platform, count(*)::int AS events,
             min(event_at) AS first, max(event_at) AS last
      FROM held GROUP BY GROUPING SETS ((), (name, kind), (day), (source_id, platform))`,
  );
}

export interface FactCount {
  kind: string;
  count: number;
  amount: string | null;
  currency: string | null;
  first: Date;
  last: Date;
}

const inPlaces = (places: readonly Place[]) => Prisma.sql`
  (shard_id, partition) IN (SELECT * FROM unnest(
    ${places.map(({ shardId }) => shardId)}::int[], ${places.map(({ partition }) => partition)}::int[]))`;

/** Facts that stand, by kind and currency. Looked for in the partitions of the keys only. */
export function countFacts(
  { db }: Db,
  workspaceId: string,
  keys: readonly string[],
  places: readonly Place[],
): Promise<FactCount[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<FactCount[]>`
      SELECT kind, currency, sum(sign)::int AS count, sum(sign * amount)::text AS amount, min(at) AS first, max(at) AS last
      FROM history_facts
      WHERE workspace_id = ${workspaceId} AND ${inPlaces(places)} AND customer = ANY(${[...keys]}::text[])
      GROUP BY kind, currency HAVING sum(sign) <> 0 ORDER BY kind, currency LIMIT 200`,
  );
}

export interface LateOfKeys {
  at: Date;
  name: string;
  customer: string;
  latenessMs: number;
}

/** Events that came too late to count, newest first. */
export function lateOfKeys(
  { db }: Db,
  workspaceId: string,
  keys: readonly string[],
  places: readonly Place[],
  limit: number,
): Promise<LateOfKeys[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<LateOfKeys[]>`
      SELECT event_at AS at, name, customer, lateness_ms::float8 AS "latenessMs" FROM late_events
      WHERE workspace_id = ${workspaceId} AND ${inPlaces(places)} AND customer = ANY(${[...keys]}::text[])
      ORDER BY event_at DESC LIMIT ${limit}`,
  );
}

export interface DecisionOfKeys {
  id: string;
  customer: string;
  ruleId: string;
  ruleName: string | null;
  ruleVersion: number;
  purpose: string;
  action: JsonObject;
  inputs: JsonObject;
  decidedAt: Date;
  response: string | null;
}

/** Decisions about the keys, newest first, with the name of the rule and what became of them. */
export function decisionsOfKeys(
  { db }: Db,
  workspaceId: string,
  keys: readonly string[],
  limit: number,
): Promise<DecisionOfKeys[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<DecisionOfKeys[]>`
      SELECT d.id, d.customer, d.rule_id AS "ruleId", r.name AS "ruleName", d.rule_version AS "ruleVersion", d.purpose,
             d.action, d.inputs, d.decided_at AS "decidedAt", a.response
      FROM decisions d
      LEFT JOIN rules r ON r.workspace_id = d.workspace_id AND r.id = d.rule_id
      LEFT JOIN decision_responses a ON a.workspace_id = d.workspace_id AND a.decision_id = d.id
      WHERE d.workspace_id = ${workspaceId} AND d.customer = ANY(${[...keys]}::text[])
      ORDER BY d.decided_at DESC LIMIT ${limit}`,
  );
}

/** How many decisions there are, and the time of the first. */
export async function decisionSpan(
  { db }: Db,
  workspaceId: string,
  keys: readonly string[],
): Promise<{ total: number; first: Date | null }> {
  const { _count, _min } = await withWorkspace(db, workspaceId, (tx) =>
    tx.decision.aggregate({
      where: { workspaceId, customer: { in: [...keys] } },
      _count: true,
      _min: { decidedAt: true },
    }),
  );
  return { total: _count, first: _min.decidedAt };
}

/** Contested labels of what the keys' customer said, newest first. */
export function contestsOfKeys({ db }: Db, workspaceId: string, keys: readonly string[], limit: number) {
  return withWorkspace(db, workspaceId, (tx) =>
    tx.labelContest.findMany({
      where: { workspaceId, customer: { in: [...keys] } },
      select: {
        at: true,
        customer: true,
        contactId: true,
        turnId: true,
        turnAt: true,
        modelLabel: true,
        label: true,
        reason: true,
        withdrawnAt: true,
      },
      orderBy: [{ at: 'desc' }, { id: 'asc' }],
      take: limit,
    }),
  );
}

/** What is noted of the keys' stored states: of each key one row of each kind at most. */
export function stateNotesOfKeys({ db }: Db, workspaceId: string, keys: readonly string[]) {
  const where = { workspaceId, customer: { in: [...keys] } };
  return withWorkspace(db, workspaceId, async (tx) => ({
    evictions: await tx.stateEviction.findMany({
      where,
      select: { customer: true, evictedAt: true },
      orderBy: [{ evictedAt: 'desc' }, { customer: 'asc' }],
    }),
    divergences: await tx.stateDivergence.findMany({
      where,
      select: { customer: true, parts: true, foundAt: true, seenAt: true, endedAt: true },
      orderBy: [{ foundAt: 'desc' }, { customer: 'asc' }],
    }),
  }));
}

export interface LinkOfKeys {
  from: string;
  to: string;
  at: Date;
  shared: boolean;
}

/** When which keys were linked, oldest first. */
export function linksOfKeys(
  { db }: Db,
  workspaceId: string,
  keys: readonly string[],
  limit: number,
): Promise<LinkOfKeys[]> {
  return withWorkspace(
    db,
    workspaceId,
    (tx) => tx.$queryRaw<LinkOfKeys[]>`
      SELECT * FROM (
        SELECT from_key AS from, to_key AS to, linked_at AS at, false AS shared FROM identity_links
        WHERE workspace_id = ${workspaceId}
          AND (from_key = ANY(${[...keys]}::text[]) OR to_key = ANY(${[...keys]}::text[]))
        UNION ALL
        SELECT key, customer, seen_at, true FROM shared_keys
        WHERE workspace_id = ${workspaceId}
          AND (key = ANY(${[...keys]}::text[]) OR customer = ANY(${[...keys]}::text[]))
      ) AS links ORDER BY at, "from" LIMIT ${limit}`,
  );
}

/** What sources are called, by id. */
export async function sourceNames(
  { db }: Db,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.source.findMany({ where: { workspaceId, id: { in: [...ids] } }, select: { id: true, name: true } }),
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

export async function workspaceOf({ db }: Db, id: string): Promise<{ name: string; timeZone: string }> {
  const row = await db.workspace.findUnique({ where: { id }, select: { name: true, timeZone: true } });
  return row ?? { name: id, timeZone: 'UTC' };
}
