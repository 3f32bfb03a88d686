import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** A half-open window of event time, ms; null: open on that side. */
export interface TimeWindow {
  from: number | null;
  to: number | null;
}

export interface FactSum {
  kind: string;
  currency: string | null;
  count: number;
  /** exact decimal text */
  amount: string | null;
}

export interface WindowCounts {
  events: number;
  customers: number;
  duplicates: number;
  deadLetters: number;
  facts: FactSum[];
}

/** Reads of a whole history take longer than a page may. */
const READ_LIMIT_MS = 60_000;

/** Counts over history in a window, in one transaction. */
export function countWindow(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  window: TimeWindow,
): Promise<WindowCounts> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.$executeRawUnsafe(`SET LOCAL statement_timeout = ${READ_LIMIT_MS}`);
    const within = (column: string) => inWindow(column, window);
    const [events] = await tx.$queryRaw<[{ n: bigint }]>`
      SELECT count(*) AS n FROM history_events WHERE workspace_id = ${workspaceId} AND ${within('event_at')}`;
    const [customers] = await tx.$queryRaw<[{ n: bigint }]>`
      WITH RECURSIVE ${customerRoots(workspaceId)},
      seen AS (
        SELECT DISTINCT customer FROM history_events
        WHERE workspace_id = ${workspaceId} AND customer IS NOT NULL AND ${within('event_at')}
      )
      SELECT count(DISTINCT coalesce(roots.root, seen.customer)) AS n
      FROM seen LEFT JOIN roots ON roots.key = seen.customer`;
    const [duplicates] = await tx.$queryRaw<[{ n: bigint }]>`
      SELECT count(*) AS n FROM duplicate_attempts WHERE workspace_id = ${workspaceId} AND ${within('event_at')}`;
    const [deadLetters] = await tx.$queryRaw<[{ n: bigint }]>`
      SELECT count(*) AS n FROM dead_letters WHERE workspace_id = ${workspaceId} AND ${within('event_at')}`;
    const facts = await tx.$queryRaw<
      { kind: string; currency: string | null; n: bigint; amount: string | null }[]
    >`
      SELECT kind, currency, sum(sign) AS n, sum(sign * amount)::text AS amount FROM history_facts
      WHERE workspace_id = ${workspaceId} AND ${within('at')}
      GROUP BY kind, currency`;
    return {
      events: Number(events.n),
      customers: Number(customers.n),
      duplicates: Number(duplicates.n),
      deadLetters: Number(deadLetters.n),
      facts: facts.map(({ n, ...sum }) => ({ ...sum, count: Number(n) })),
    };
  });
}

function inWindow(column: string, { from, to }: TimeWindow): Prisma.Sql {
  const name = Prisma.raw(column);
  const conditions = [Prisma.sql`TRUE`];
  if (from !== null) conditions.push(Prisma.sql`${name} >= ${new Date(from)}`);
  if (to !== null) conditions.push(Prisma.sql`${name} < ${new Date(to)}`);
  return Prisma.join(conditions, ' AND ');
}

/** CTE `roots(key, root)`: the customer that a linked key belongs to in the end. Needs `WITH RECURSIVE`. */
export function customerRoots(workspaceId: string): Prisma.Sql {
  return Prisma.sql`
    chain(key, root, depth) AS (
      SELECT from_key, to_key, 1 FROM identity_links WHERE workspace_id = ${workspaceId}
      UNION ALL
      SELECT chain.key, link.to_key, chain.depth + 1 FROM chain
      JOIN identity_links link ON link.workspace_id = ${workspaceId} AND link.from_key = chain.root
      WHERE chain.depth < 8 AND link.to_key <> chain.key
    ),
    roots(key, root) AS (SELECT DISTINCT ON (key) key, root FROM chain ORDER BY key, depth DESC)`;
}
