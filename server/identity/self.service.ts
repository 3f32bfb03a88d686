import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { writeAudit } from '@/server/privacy/audit.service';
import type { PersonActor } from './actor';
import { roleIn, workspacesOf } from './members.repository';
import { deleteSessions, hasSecondFactor, moveSession, renamePerson, sessionsOf } from './people.repository';
import { publishSessionRevoked } from './session-messages';

/** The signed-in person's own account: sessions, workspaces, second factor. */
export async function readAccount(deps: Deps, actor: PersonActor) {
  const [sessions, workspaces, secondFactor] = await Promise.all([
    sessionsOf(deps, actor.userId),
    workspacesOf(deps, actor.userId),
    hasSecondFactor(deps, actor.userId),
  ]);
  return {
    name: actor.name,
    email: actor.email,
    role: actor.role,
    secondFactor,
    workspaces: workspaces.map((workspace) => ({
      ...workspace,
      current: workspace.workspaceId === actor.workspaceId,
    })),
    sessions: sessions.map(({ id, createdAt, updatedAt, expiresAt, userAgent }) => ({
      id,
      current: id === actor.sessionId,
      device: deviceOf(userAgent),
      createdAt: createdAt.getTime(),
      usedAt: updatedAt.getTime(),
      expiresAt: expiresAt.getTime(),
    })),
  };
}

/** Ends one of the person's own sessions. @throws Fault `not_found` when it is not theirs or over */
export async function endOwnSession(deps: Deps, actor: PersonActor, sessionId: string): Promise<void> {
  if ((await deleteSessions(deps, actor.userId, { id: sessionId })) === 0) {
    throw new Fault('not_found', 'This session is over already.');
  }
  await publishSessionRevoked(deps, { userId: actor.userId, sessionId });
}

/** Ends every session of the person, this one included. */
export async function signOutEverywhere(deps: Deps, actor: PersonActor): Promise<void> {
  const { userId, workspaceId } = actor;
  const ended = await deleteSessions(deps, userId);
  await publishSessionRevoked(deps, { userId });
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: 'sessions.ended',
    subject: userId,
    details: { ended },
  });
}

/** Moves this session into another workspace of the person. @throws Fault `not_found` when they are not in it */
export async function switchWorkspace(deps: Deps, actor: PersonActor, workspaceId: string): Promise<void> {
  if ((await roleIn(deps, workspaceId, actor.userId)) === null) {
    throw new Fault('not_found', 'You are not in this workspace.');
  }
  await moveSession(deps, actor.sessionId, workspaceId);
  await publishSessionRevoked(deps, { userId: actor.userId, sessionId: actor.sessionId });
}

export async function rename(deps: Deps, actor: PersonActor, name: string): Promise<void> {
  await renamePerson(deps, actor.userId, name);
}

const BROWSERS = [
  ['Edg/', 'Edge'],
  ['Firefox/', 'Firefox'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;
const SYSTEMS = [
  ['Windows', 'Windows'],
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const;

/** A browser's own description in two words, enough to tell one's devices apart. */
function deviceOf(userAgent: string | null): string {
  const agent = userAgent ?? '';
  const browser = BROWSERS.find(([mark]) => agent.includes(mark))?.[1];
  const system = SYSTEMS.find(([mark]) => agent.includes(mark))?.[1];
  if (browser === undefined) return 'Unknown device';
  return system === undefined ? browser : `${browser} on ${system}`;
}
