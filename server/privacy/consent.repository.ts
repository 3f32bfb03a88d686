import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace, workspacesWith } from '@/server/platform/postgres';
import type { EnforcementPoint } from './opt-out.schema';

export interface ConsentOfRecord {
  customer: string;
  /** what the person denies and what signals deny, together */
  denied: string[];
  version: number;
  /** purpose → when the person allowed it again, ms */
  allowedAt: Record<string, number>;
}

export interface ShardOfWorkspace {
  id: number;
  partitions: number;
}

/** Every shard of a workspace: a customer may have left traces in any of them. */
export function shardsOf(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<ShardOfWorkspace[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.shard.findMany({
      where: { workspaceId },
      select: { id: true, partitions: true },
      orderBy: { id: 'asc' },
    }),
  );
}

/** Every workspace with its shards. */
export async function workspacesWithShards(
  deps: Pick<Deps, 'db'>,
): Promise<{ id: string; shards: ShardOfWorkspace[] }[]> {
  const [workspaces, shards] = await Promise.all([
    deps.db.workspace.findMany({ select: { id: true }, take: 10_000 }),
    deps.db.shard.findMany({
      select: { id: true, partitions: true, workspaceId: true },
      orderBy: { id: 'asc' },
    }),
  ]);
  const byWorkspace = Map.groupBy(shards, ({ workspaceId }) => workspaceId);
  return workspaces.map(({ id }) => ({
    id,
    shards: (byWorkspace.get(id) ?? []).map(({ id: shardId, partitions }) => ({ id: shardId, partitions })),
  }));
}

/** Of the workspaces, those with any consent on record, a request that is not acknowledged, or a signal that waits. */
export function workspacesWithConsents(
  deps: Pick<Deps, 'db'>,
  workspaceIds: readonly string[],
): Promise<Set<string>> {
  return workspacesWith(
    deps.db,
    workspaceIds,
    `SELECT FROM consents WHERE workspace_id = $1
     UNION ALL SELECT FROM opt_outs WHERE workspace_id = $1 AND acknowledged_at IS NULL
     UNION ALL SELECT FROM consent_signal_news WHERE workspace_id = $1`,
  );
}

/** Lifts versions above those met in the store; only rows that are still at the version we wrote move. */
export async function raiseVersions(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  raises: readonly { customer: string; from: number; above: number }[],
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    for (const { customer, from, above } of raises) {
      await tx.consent.updateMany({
        where: { workspaceId, customer, version: from },
        data: { version: above + 1 },
      });
    }
  });
}

/**
 * Writes flags that the stream carried along a link into the consent of record: what they deny is added. Nothing is taken
 * away, because only a wish allows again; a wish that came meanwhile stands with them.
 */
export async function adoptFlags(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  flags: readonly Omit<ConsentOfRecord, 'allowedAt'>[],
  at: Date,
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    for (const { customer, denied, version } of flags) {
      await tx.$executeRaw`
        INSERT INTO consents (workspace_id, customer, denied, version, updated_at)
        VALUES (${workspaceId}, ${customer}, ${[...denied]}::text[], ${version}, ${at})
        ON CONFLICT (workspace_id, customer) DO UPDATE SET
          denied = consents.denied || ARRAY(
            SELECT unnest(EXCLUDED.denied)
            EXCEPT (SELECT unnest(consents.denied) UNION ALL SELECT unnest(consents.signalled))),
          version = EXCLUDED.version, updated_at = EXCLUDED.updated_at
        WHERE consents.version < EXCLUDED.version`;
    }
  });
}

/**
 * Takes denials over to keys that were linked after they were given: whoever is one person denies as one. One step from
 * key to key. Returns how many records changed; the flags follow as any other difference does.
 */
export function spreadDenials(deps: Pick<Deps, 'db'>, workspaceId: string, at: Date): Promise<number> {
  return withWorkspace(
    deps.db,
    workspaceId,
    (tx) => tx.$executeRaw`
      WITH pairs AS (
        SELECT from_key AS one, to_key AS other FROM identity_links WHERE workspace_id = ${workspaceId}
        UNION ALL
        SELECT to_key, from_key FROM identity_links WHERE workspace_id = ${workspaceId}
        UNION ALL
        SELECT key, customer FROM shared_keys WHERE workspace_id = ${workspaceId}
        UNION ALL
        SELECT customer, key FROM shared_keys WHERE workspace_id = ${workspaceId}),
      wanted AS (
        SELECT p.other AS customer, array_agg(DISTINCT d.purpose) AS denied
        FROM consents c
        JOIN pairs p ON p.one = c.customer
        CROSS JOIN LATERAL unnest(c.denied) AS d(purpose)
        LEFT JOIN consents o ON o.workspace_id = ${workspaceId} AND o.customer = p.other
        WHERE c.workspace_id = ${workspaceId} AND NOT (d.purpose = ANY (coalesce(o.denied, '{}')))
        GROUP BY p.other)
      INSERT INTO consents (workspace_id, customer, denied, version, updated_at)
      SELECT ${workspaceId}, customer, denied, 1, ${at} FROM wanted ORDER BY customer
      ON CONFLICT (workspace_id, customer) DO UPDATE SET
        denied = consents.denied || EXCLUDED.denied, version = consents.version + 1, updated_at = ${at}`,
  );
}

const STANDING = { customer: true, denied: true, signalled: true, allowedAt: true, version: true } as const;

function standingOf({
  signalled,
  ...row
}: Prisma.ConsentGetPayload<{ select: typeof STANDING }>): ConsentOfRecord {
  const denied = [...new Set([...row.denied, ...signalled])];
  return { ...row, denied, allowedAt: row.allowedAt as Record<string, number> };
}

export async function consentsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  customers: readonly string[],
): Promise<ConsentOfRecord[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.consent.findMany({ where: { workspaceId, customer: { in: [...customers] } }, select: STANDING }),
  );
  return rows.map(standingOf);
}

/** Consents of record in order of the key, after `after`. */
export async function consentPage(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  after: string,
  limit: number,
): Promise<ConsentOfRecord[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.consent.findMany({
      where: { workspaceId, customer: { gt: after } },
      orderBy: { customer: 'asc' },
      take: limit,
      select: STANDING,
    }),
  );
  return rows.map(standingOf);
}

export type OptOutRow = Omit<Prisma.OptOutGetPayload<object>, 'enforcement'> & {
  enforcement: EnforcementPoint[];
};

function rowOf(row: Prisma.OptOutGetPayload<object>): OptOutRow {
  return { ...row, enforcement: row.enforcement as unknown as EnforcementPoint[] };
}

/** Requests since a time, newest first. */
export async function recentOptOuts(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  since: Date,
  limit: number,
): Promise<OptOutRow[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.optOut.findMany({
      where: { workspaceId, requestedAt: { gte: since } },
      orderBy: { requestedAt: 'desc' },
      take: limit,
    }),
  );
  return rows.map(rowOf);
}

/** Requests that named one of a person's keys or covered it as a linked key, newest first. */
export async function optOutsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
  limit: number,
): Promise<OptOutRow[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.optOut.findMany({
      where: {
        workspaceId,
        OR: [{ customer: { in: [...keys] } }, { linkedKeys: { hasSome: [...keys] } }],
      },
      orderBy: { requestedAt: 'desc' },
      take: limit,
    }),
  );
  return rows.map(rowOf);
}

/** Requests not acknowledged: the store was out of reach, or the process died in between. */
export async function unacknowledged(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<OptOutRow[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.optOut.findMany({
      where: { workspaceId, acknowledgedAt: null },
      orderBy: { requestedAt: 'asc' },
      take: 500,
    }),
  );
  return rows.map(rowOf);
}
