import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Role } from './policy';

type Db = Pick<Deps, 'db'>;

/** The workspace a person's session starts in: the one they joined first; null when they are in none. */
export async function firstWorkspaceOf(deps: Db, userId: string): Promise<string | null> {
  const found = await deps.db.membership.findFirst({
    where: { userId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { workspaceId: true },
  });
  return found?.workspaceId ?? null;
}

/** The role of a person in a workspace; null when they are not in it. */
export async function roleIn(deps: Db, workspaceId: string, userId: string): Promise<Role | null> {
  const found = await deps.db.membership.findFirst({
    where: { workspaceId, userId },
    select: { role: true },
  });
  return found?.role ?? null;
}

export interface StandingSession {
  workspaceId: string;
  role: Role;
  expiresAt: number;
}

/** What these sessions stand for now, in one query; those that ended or lost their workspace are missing. */
export async function standingSessions(
  deps: Db & Pick<Deps, 'now'>,
  sessionIds: readonly string[],
): Promise<Map<string, StandingSession>> {
  const rows = await deps.db.$queryRaw<
    { id: string; workspaceId: string; role: Role; expiresAt: Date }[]
  >`SELECT s.id, m.workspace_id AS "workspaceId", m.role::text AS role, s.expires_at AS "expiresAt"
    FROM sessions s
    JOIN memberships m ON m.user_id = s.user_id AND m.workspace_id = s.active_workspace_id
    WHERE s.id = ANY(${[...sessionIds]}) AND s.expires_at > ${new Date(deps.now())}`;
  return new Map(
    rows.map(({ id, workspaceId, role, expiresAt }) => [
      id,
      { workspaceId, role, expiresAt: expiresAt.getTime() },
    ]),
  );
}

/** Everybody of a workspace, by name. */
export async function membersOf(deps: Db, workspaceId: string) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.membership.findMany({
      where: { workspaceId },
      include: { user: { select: { name: true, email: true, twoFactorEnabled: true } } },
      orderBy: { user: { name: 'asc' } },
      take: 1_000,
    }),
  );
}
