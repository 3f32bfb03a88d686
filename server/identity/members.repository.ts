import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Role } from './policy';

type Db = Pick<Deps, 'db'>;

export interface WorkspaceOfPerson {
  workspaceId: string;
  name: string;
  role: Role;
}

/** Every workspace of a person, the one they joined first in front. Asked before a workspace is known. */
export function workspacesOf(deps: Db, userId: string): Promise<WorkspaceOfPerson[]> {
  return deps.db.$queryRaw<WorkspaceOfPerson[]>`
    SELECT workspace_id AS "workspaceId", workspace_name AS name, role FROM memberships_of(${userId})`;
}

/** Every workspace of this installation, when the person administers all of them; else null. */
export async function allAdministeredBy(deps: Db, userId: string): Promise<string[] | null> {
  const [all, own] = await Promise.all([
    deps.db.workspace.findMany({ select: { id: true }, orderBy: { id: 'asc' } }),
    workspacesOf(deps, userId),
  ]);
  const administered = new Set(
    own.filter(({ role }) => role === 'admin').map(({ workspaceId }) => workspaceId),
  );
  return all.every(({ id }) => administered.has(id)) ? all.map(({ id }) => id) : null;
}

/** The workspace a person's session starts in: the one they joined first; null when they are in none. */
export async function firstWorkspaceOf(deps: Db, userId: string): Promise<string | null> {
  const [first] = await workspacesOf(deps, userId);
  return first?.workspaceId ?? null;
}

/** The role of a person in a workspace; null when they are not in it. */
export async function roleIn(deps: Db, workspaceId: string, userId: string): Promise<Role | null> {
  const found = (await workspacesOf(deps, userId)).find((each) => each.workspaceId === workspaceId);
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
  const at = new Date(deps.now()).toISOString();
  const rows = await deps.db.$queryRaw<{ id: string; workspaceId: string; role: Role; expiresAt: Date }[]>`
    SELECT id, workspace_id AS "workspaceId", role, expires_at AS "expiresAt"
    FROM standing_sessions(${[...sessionIds]}::text[], ${at}::timestamptz)`;
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
