'use client';
import { useSyncExternalStore } from 'react';
import { type LiveClient, liveClient } from './live-client';
import { liveProblem } from './live-problem';

const LOOK_MS = 500;

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let undo: (() => void) | undefined;
let problem: string | null = null;
let visibleSince = 0;

/** A hidden tab's timers sleep: it is given time to hear before it is judged. */
function judge(client: LiveClient): string | null {
  const now = Date.now();
  if (document.hidden) {
    visibleSince = 0;
    return problem;
  }
  visibleSince ||= now;
  return liveProblem(client, { now, visibleSince, before: problem });
}

function look(): void {
  const found = judge(liveClient());
  if (found === problem) return;
  problem = found;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(look, LOOK_MS);
  undo ??= liveClient().onConnection(look);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    undo?.();
    timer = undefined;
    undo = undefined;
  };
}

/** Why live values may be old, in words for the screen; null when all moves. */
export function useLiveProblem(): string | null {
  return useSyncExternalStore(
    subscribe,
    () => problem,
    () => null,
  );
}
