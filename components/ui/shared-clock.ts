'use client';
import { useSyncExternalStore } from 'react';

/**
 * One timer for every ticking thing on the page. It runs only while somebody listens, and half a second is the finest
 * anything on a screen needs to age.
 */
const TICK_MS = 500;
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = 0;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    now = Date.now();
    timer = setInterval(() => {
      now = Date.now();
      for (const each of listeners) each();
    }, TICK_MS);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/**
 * The current time in ms, rounded down to `stepMs`, so that a component repaints no more often than its text changes.
 * Zero on the server, where there is no viewer whose clock could be shown.
 */
export function useNow(stepMs: number = 1_000): number {
  return useSyncExternalStore(
    subscribe,
    () => Math.floor((now || Date.now()) / stepMs) * stepMs,
    () => 0,
  );
}
