import type { Deps } from '@/server/platform/deps';

/** Queue Redis channel that tells every process of sessions that ended before their time. */
export const SESSIONS_CHANNEL = 'sessions';

/** Without a session id, all sessions of the person ended. */
export interface SessionRevoked {
  type: 'session.revoked';
  userId: string;
  sessionId?: string;
}

/** Sockets of the session, or of all the person's sessions, are closed by whoever hears this. */
export async function publishSessionRevoked(
  deps: Pick<Deps, 'queueRedis'>,
  ended: Omit<SessionRevoked, 'type'>,
): Promise<void> {
  const message: SessionRevoked = { type: 'session.revoked', ...ended };
  await deps.queueRedis.publish(SESSIONS_CHANNEL, JSON.stringify(message));
}
