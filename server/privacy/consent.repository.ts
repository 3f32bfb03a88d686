import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from './audit.repository';
import type { EnforcementPoint } from './opt-out.schema';

export interface ConsentOfRecord {
  customer: string;
  denied: string[];
  version: number;
}

export interface ShardOfWorkspace {
  id: number;
  partitions: number;
}

/** Every shard of a workspace: a customer may have left traces in any of them. */
export function shardsOf(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<ShardOfWorkspace[]> {
  return withWorkspace(deps.db, workspaceId, (tx) => shardsIn(tx, workspaceId));
}

function shardsIn(tx: Transaction, workspaceId: string): Promise<ShardOfWorkspace[]> {
  return tx.shard.findMany({
    where: { workspaceId },
    select: { id: true, partitions: true },
    orderBy: { id: 'asc' },
  });
}

export function workspacesWithShards(deps: Pick<Deps, 'db'>): Promise<{ id: string }[]> {
  return deps.db.workspace.findMany({ select: { id: true }, take: 10_000 });
}

/** Adds a purpose to, or takes it from, what each key denies. Keys change in order, so that two requests cannot deadlock. */
export async function changeConsents(
  tx: Transaction,
  workspaceId: string,
  keys: readonly string[],
  change: { purpose: string; optedIn: boolean },
  at: Date,
): Promise<ConsentOfRecord[]> {
  const sorted = [...new Set(keys)].sort();
  const changed: ConsentOfRecord[] = [];
  for (const customer of sorted) {
    const [row] = await tx.$queryRaw<ConsentOfRecord[]>`
      INSERT INTO consents (workspace_id, customer, denied, version, updated_at)
      VALUES (${workspaceId}, ${customer}, ${change.optedIn ? [] : [change.purpose]}::text[], 1, ${at})
      ON CONFLICT (workspace_id, customer) DO UPDATE SET
        denied = CASE WHEN ${change.optedIn}
          THEN array_remove(consents.denied, ${change.purpose})
          ELSE array_append(array_remove(consents.denied, ${change.purpose}), ${change.purpose}) END,
        version = consents.version + 1,
        updated_at = ${at}
      RETURNING customer, denied, version`;
    if (row) changed.push(row);
  }
  return changed;
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

/** Writes flags that the stream carried along a link into the consent of record. */
export async function adoptFlags(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  flags: readonly ConsentOfRecord[],
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    for (const { customer, denied, version } of flags) {
      await tx.consent.upsert({
        where: { workspaceId_customer: { workspaceId, customer } },
        create: { workspaceId, customer, denied, version },
        update: { denied, version },
      });
    }
  });
}

/**
 * Takes denials over to keys that were linked after they were given: whoever is one person denies as one. Returns how
 * many records changed; the flags follow as any other difference does.
 */
export function spreadDenials(deps: Pick<Deps, 'db'>, workspaceId: string, at: Date): Promise<number> {
  return withWorkspace(
    deps.db,
    workspaceId,
    (tx) => tx.$executeRaw`
      WITH pairs AS (
        SELECT from_key AS one, to_key AS other FROM identity_links WHERE workspace_id = ${workspaceId}
        UNION ALL
        SELECT to_key, from_key FROM identity_links WHERE workspace_id = ${workspaceId}),
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

export function consentsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  customers: readonly string[],
): Promise<ConsentOfRecord[]> {
  return withWorkspace(deps.db, workspaceId, (tx) => consentsIn(tx, workspaceId, customers));
}

function consentsIn(
  tx: Transaction,
  workspaceId: string,
  customers: readonly string[],
): Promise<ConsentOfRecord[]> {
  return tx.consent.findMany({
    where: { workspaceId, customer: { in: [...customers] } },
    select: { customer: true, denied: true, version: true },
  });
}

/** Consents of record in order of the key, after `after`. */
export function consentPage(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  after: string,
  limit: number,
): Promise<ConsentOfRecord[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.consent.findMany({
      where: { workspaceId, customer: { gt: after } },
      orderBy: { customer: 'asc' },
      take: limit,
      select: { customer: true, denied: true, version: true },
    }),
  );
}

/** Keys that the archive knows to be linked with any of these, in either direction. */
async function archivedLinks(
  tx: Transaction,
  workspaceId: string,
  keys: readonly string[],
): Promise<string[]> {
  const rows = await tx.identityLink.findMany({
    where: { workspaceId, OR: [{ fromKey: { in: [...keys] } }, { toKey: { in: [...keys] } }] },
    select: { fromKey: true, toKey: true },
    take: 1_000,
  });
  return rows.flatMap(({ fromKey, toKey }) => [fromKey, toKey]);
}

/** One round trip's worth of what a search for linked keys needs. */
export function shardsAndLinks(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
): Promise<{ shards: ShardOfWorkspace[]; links: string[] }> {
  return withWorkspace(deps.db, workspaceId, async (tx) => ({
    shards: await shardsIn(tx, workspaceId),
    links: await archivedLinks(tx, workspaceId, keys),
  }));
}

export interface Settlement {
  /** the wish to acknowledge; null when flags are only being mended */
  wish: { id: string; customer: string; purpose: string; optedIn: boolean } | null;
  /** what the store was just set to */
  record: readonly ConsentOfRecord[];
  /** keys the stream links with those of the record */
  storeLinks: readonly string[];
  enforcement: EnforcementPoint[];
  at: Date;
}

/**
 * Ends a change of consent in one transaction: when no further key turned up and nobody changed the record meanwhile,
 * the wish is acknowledged and null is returned; else the record that the store must be set to next.
 */
export function settle(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  { wish, record, storeLinks, enforcement, at }: Settlement,
): Promise<ConsentOfRecord[] | null> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const keys = record.map(({ customer }) => customer);
    if (wish) {
      const links = [...storeLinks, ...(await archivedLinks(tx, workspaceId, keys))];
      const late = [...new Set(links)].filter((key) => !keys.includes(key));
      await changeConsents(tx, workspaceId, late, wish, at);
      keys.push(...late);
    }
    const now = await consentsIn(tx, workspaceId, keys);
    if (!sameVersions(record, now)) return now;
    if (wish) {
      const linkedKeys = keys.filter((key) => key !== wish.customer);
      const data = { acknowledgedAt: at, linkedKeys, enforcement };
      await tx.optOut.updateMany({ where: { id: wish.id }, data });
    }
    return null;
  });
}

function sameVersions(a: readonly ConsentOfRecord[], b: readonly ConsentOfRecord[]): boolean {
  const versions = new Map(a.map(({ customer, version }) => [customer, version]));
  return a.length === b.length && b.every(({ customer, version }) => versions.get(customer) === version);
}

export type OptOutRow = Omit<Prisma.OptOutGetPayload<object>, 'enforcement'> & {
  enforcement: EnforcementPoint[];
};

function rowOf(row: Prisma.OptOutGetPayload<object>): OptOutRow {
  return { ...row, enforcement: row.enforcement as unknown as EnforcementPoint[] };
}

export async function createOptOut(tx: Transaction, row: Prisma.OptOutCreateInput): Promise<void> {
  await tx.optOut.create({ data: row });
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

/** Requests that named the customer or covered it as a linked key, newest first. */
export async function optOutsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  customer: string,
  limit: number,
): Promise<OptOutRow[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.optOut.findMany({
      where: { workspaceId, OR: [{ customer }, { linkedKeys: { has: customer } }] },
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
