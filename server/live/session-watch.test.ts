import type { Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveActor, SessionReader } from './live-actor';
import { SessionWatch } from './session-watch';

/** Who lost the right to listen is off in less than this, ms. */
const OFF_MS = 1_000;
const SESSION = 'session_1';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Watches one socket of a sign-in. */
function watching(current: SessionReader['current'], expiresAt: number) {
  const socket = { id: 'socket_1', emit: () => true, disconnect: vi.fn() };
  const actor = { sessionId: SESSION, role: 'agent', workspaceId: 'ws', expiresAt } as LiveActor;
  const reader: SessionReader = { current, fromHeaders: async () => null };
  const watch = new SessionWatch(reader, Date.now, () => undefined);
  watch.add(socket as unknown as Socket, actor);
  return { watch, socket };
}

describe('whoever lost the right to listen', () => {
  it.each([0, 1, 150, 299])('is off within a second, also %i ms after the last look', async (sinceLookMs) => {
    const role = 'agent' as const;
    const standing = new Map([[SESSION, { role, workspaceId: 'ws', expiresAt: Number.POSITIVE_INFINITY }]]);
    const { watch, socket } = watching(async () => new Map(standing) as never, Number.POSITIVE_INFINITY);
    await vi.advanceTimersByTimeAsync(3_000 + sinceLookMs);
    expect(socket.disconnect).not.toHaveBeenCalled();
    standing.clear();
    await vi.advanceTimersByTimeAsync(OFF_MS);
    expect(socket.disconnect).toHaveBeenCalledOnce();
    watch.close();
  });

  it('is off within a second of the end of the sign-in, though the store does not answer', async () => {
    const { watch, socket } = watching(() => new Promise(() => undefined), Date.now() + 3_001);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(socket.disconnect).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(OFF_MS);
    expect(socket.disconnect).toHaveBeenCalledOnce();
    watch.close();
  });
});
