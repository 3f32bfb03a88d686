import type { Prisma } from '@/prisma/client/client';
import type { JsonObject } from '@/server/core/json';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { AccessCount } from './access-review';
import type { AuditFilter } from './audit.schema';
import { type ChainedEntry, type ChainHead, type NewEntry, textAroundSeq } from './audit-chain';

export type Transaction = Prisma.TransactionClient;

/** Appends under a lock of the workspace's chain, held to the end of the transaction: numbers have no gaps. */
export async function appendEntry(tx: Transaction, entry: NewEntry): Promise<ChainHead> {
  const [before, after] = textAroundSeq(entry);
  const [head] = await tx.$queryRaw<ChainHead[]>`
    SELECT number AS seq, entry_hash AS hash
    FROM append_audit(${entry.workspaceId}, ${JSON.stringify(entry)}::jsonb, ${before}, ${after})`;
  if (!head) throw new Error('The database answered nothing to an audit entry');
  return head;
}

function whereOf(workspaceId: string, filter: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    workspaceId,
    ...(filter.action ? { action: { startsWith: filter.action } } : {}),
    ...(filter.actorId ? { actorId: filter.actorId } : {}),
    ...(filter.subject ? { subject: filter.subject } : {}),
    ...(filter.from || filter.to
      ? { at: { ...(filter.from ? { gte: filter.from } : {}), ...(filter.to ? { lt: filter.to } : {}) } }
      : {}),
  };
}

/** Newest first. */
export async function listEntries(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  filter: AuditFilter,
  page: { limit: number; before?: number | undefined },
): Promise<ChainedEntry[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.auditEntry.findMany({
      where: {
        ...whereOf(workspaceId, filter),
        ...(page.before === undefined ? {} : { seq: { lt: page.before } }),
      },
      orderBy: { seq: 'desc' },
      take: page.limit,
    }),
  );
  return rows.map(entryOf);
}

/** In order of their numbers, after `seq`. */
export async function entriesAfter(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  seq: number,
  limit: number,
): Promise<ChainedEntry[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.auditEntry.findMany({
      where: { workspaceId, seq: { gt: seq } },
      orderBy: { seq: 'asc' },
      take: limit,
    }),
  );
  return rows.map(entryOf);
}

export function entryOf(row: Prisma.AuditEntryGetPayload<object>): ChainedEntry {
  const { id: _, details, ...entry } = row;
  return { ...entry, details: details as JsonObject };
}

/**
 * What actors are called, by id, for lists that would otherwise show ids: people by name, programs by their key's. Users
 * precede a workspace and are asked by id only.
 */
export async function namesOfActors(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  const asked = { where: { id: { in: [...new Set(ids)] } }, select: { id: true, name: true } };
  const [people, keys] = await Promise.all([
    deps.db.user.findMany(asked),
    withWorkspace(deps.db, workspaceId, (tx) => tx.apiKey.findMany(asked)),
  ]);
  return new Map([
    ...people.map(({ id, name }) => [id, name] as const),
    ...keys.map(({ id, name }) => [id, `API key “${name}”`] as const),
  ]);
}

/** Rows with what their actors are called; null where that is not known. */
export async function withActorNames<T extends { actorId: string }>(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  rows: readonly T[],
): Promise<(T & { actorName: string | null })[]> {
  const ids = rows.map(({ actorId }) => actorId);
  const names = await namesOfActors(deps, workspaceId, ids);
  return rows.map((row) => ({ ...row, actorName: names.get(row.actorId) ?? null }));
}

/** Who looked at which customers since a time, counted per person. Off hours are told in the workspace's zone. */
export function accessCounts(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  since: Date,
  timeZone: string,
): Promise<AccessCount[]> {
  return withWorkspace(
    deps.db,
    workspaceId,
    (tx) =>
      tx.$queryRaw<AccessCount[]>`
        SELECT actor_id AS "actorId", count(*)::int AS views, count(DISTINCT subject)::int AS customers,
               (count(*) FILTER (WHERE action <> 'customer.viewed'))::int AS reveals, max(at) AS "lastAt",
               (count(*) FILTER (WHERE extract(hour FROM at AT TIME ZONE ${timeZone}) NOT BETWEEN 6 AND 21))::int
                 AS "offHours"
        FROM audit_entries
        WHERE workspace_id = ${workspaceId} AND at >= ${since} AND actor_kind = 'person'
          AND action IN ('customer.viewed', 'customer.revealed', 'subject.reported')
        GROUP BY actor_id ORDER BY count(DISTINCT subject) DESC LIMIT 200`,
  );
}

export async function timeZoneOf(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<string> {
  const row = await deps.db.workspace.findUnique({ where: { id: workspaceId }, select: { timeZone: true } });
  return row?.timeZone ?? 'UTC';
}
