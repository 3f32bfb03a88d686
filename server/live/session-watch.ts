import type { Socket } from 'socket.io';
import type { SessionRevoked } from '@/server/identity';
import { LIVE_EVENTS } from './live.schema';
import type { LiveActor, SessionReader } from './live-actor';

/** All sign-ins are asked for in one query this often, ms: whoever lost theirs is off well within a second. */
const CHECK_MS = 300;

interface Watched {
  socket: Socket;
  actor: LiveActor;
}

/**
 * Ends the sockets of sign-ins that are over or no longer what they were: at once when told, and by asking all the time,
 * because a message can be lost and a role be changed past the console. When the store cannot be asked, what is known
 * stands until it expires by itself.
 */
export class SessionWatch {
  #reader: SessionReader;
  #now: () => number;
  #onError: (error: unknown) => void;
  #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout;
  #checking = false;
  #failing = false;

  constructor(reader: SessionReader, now: () => number, onError: (error: unknown) => void) {
    this.#reader = reader;
    this.#now = now;
    this.#onError = onError;
    this.#timer = setInterval(() => {
      // Not left to the answer below, which may not come.
      this.#endExpired();
      void this.check();
    }, CHECK_MS);
    this.#timer.unref();
  }

  add(socket: Socket, actor: LiveActor): void {
    this.#watched.set(socket.id, { socket, actor });
  }

  remove(socketId: string): void {
    this.#watched.delete(socketId);
  }

  revoked({ userId, sessionId }: Pick<SessionRevoked, 'userId' | 'sessionId'>): void {
    for (const { socket, actor } of this.#watched.values()) {
      if (actor.userId !== userId) continue;
      if (sessionId === undefined || actor.sessionId === sessionId)
        this.#end(socket, 'Your sign-in was ended.');
    }
  }

  /** Asks for all sign-ins at once and ends the sockets of those that changed. */
  async check(): Promise<void> {
    if (this.#watched.size === 0 || this.#checking) return;
    this.#checking = true;
    try {
      const ids = new Set([...this.#watched.values()].map(({ actor }) => actor.sessionId));
      const asked = [...this.#watched.values()];
      const current = await this.#reader.current([...ids]);
      for (const { socket, actor } of asked) {
        const now = current.get(actor.sessionId);
        if (!now) this.#end(socket, 'Your sign-in is over.');
        else if (now.role !== actor.role || now.workspaceId !== actor.workspaceId) {
          this.#end(socket, 'Your role or workspace has changed.');
        } else actor.expiresAt = now.expiresAt;
      }
      this.#failing = false;
    } catch (error) {
      // Told once, not three times a second while the store is away.
      if (!this.#failing) this.#onError(error);
      this.#failing = true;
    } finally {
      this.#checking = false;
    }
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #endExpired(): void {
    for (const { socket, actor } of this.#watched.values()) {
      if (actor.expiresAt <= this.#now()) this.#end(socket, 'Your sign-in has expired.');
    }
  }

  #end(socket: Socket, reason: string): void {
    this.#watched.delete(socket.id);
    socket.emit(LIVE_EVENTS.ended, { reason });
    socket.disconnect(true);
  }
}
