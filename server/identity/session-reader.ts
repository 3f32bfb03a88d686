import type { Deps } from '@/server/platform/deps';
import type { PersonActor } from './actor';
import type { Auth } from './auth';
import { roleIn, type StandingSession, standingSessions } from './members.repository';

/** A signed-in person with the end of their session, in ms since the epoch. */
export interface SignedIn extends PersonActor {
  expiresAt: number;
}

export interface SessionReader {
  /** The person a request's cookies sign in; null for nobody, an ended session or a lost membership. */
  fromHeaders(headers: Headers): Promise<SignedIn | null>;
  /** What these sessions stand for now, in one query; those that are over are missing. */
  current(sessionIds: readonly string[]): Promise<Map<string, StandingSession>>;
}

export function createSessionReader(auth: Auth, deps: Deps): SessionReader {
  return {
    async fromHeaders(headers) {
      const found = await auth.api.getSession({ headers, query: { disableCookieCache: true } });
      const workspaceId = found?.session.activeWorkspaceId;
      if (!found || !workspaceId) return null;
      const role = await roleIn(deps, workspaceId, found.user.id);
      if (role === null) return null;
      return {
        kind: 'person',
        userId: found.user.id,
        name: found.user.name,
        email: found.user.email,
        workspaceId,
        role,
        sessionId: found.session.id,
        expiresAt: found.session.expiresAt.getTime(),
      };
    },
    current: (sessionIds) =>
      sessionIds.length === 0 ? Promise.resolve(new Map()) : standingSessions(deps, sessionIds),
  };
}
