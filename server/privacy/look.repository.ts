import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { entryOf, withActorNames } from './audit.repository';
import type { ChainedEntry } from './audit-chain';
import { LOOK_ACTIONS } from './looks';

/** An audited read with who did it. */
export type LookRow = ChainedEntry & { actorName: string | null; role: string | null };

/** Audited reads of customers, newest first. `customers`: of these only; `before`: numbered below. */
export async function listLooks(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  filter: {
    customers?: readonly string[] | undefined;
    actorId?: string | undefined;
    before?: number | undefined;
  },
  limit: number,
): Promise<LookRow[]> {
  const { customers, actorId, before } = filter;
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.auditEntry.findMany({
      where: {
        workspaceId,
        action: { in: [...LOOK_ACTIONS] },
        ...(customers ? { subject: { in: [...customers] } } : {}),
        ...(actorId ? { actorId } : {}),
        ...(before === undefined ? {} : { seq: { lt: before } }),
      },
      orderBy: { seq: 'desc' },
      take: limit,
    }),
  );
  const named = await withActorNames(deps, workspaceId, rows.map(entryOf));
  const roles = await rolesOf(
    deps,
    workspaceId,
    rows.map((row) => row.actorId),
  );
  return named.map((row) => ({ ...row, role: roles.get(row.actorId) ?? null }));
}

export function countLooks(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  customers: readonly string[],
): Promise<number> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.auditEntry.count({
      where: { workspaceId, action: { in: [...LOOK_ACTIONS] }, subject: { in: [...customers] } },
    }),
  );
}

/** The roles that people have in the workspace now. */
async function rolesOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.membership.findMany({
      where: { workspaceId, userId: { in: [...new Set(userIds)] } },
      select: { userId: true, role: true },
    }),
  );
  return new Map(rows.map(({ userId, role }) => [userId, role]));
}
