'use client';
import { useSyncExternalStore } from 'react';

let wanted = false;
const listeners = new Set<() => void>();

/** Whether a toast has been asked for: until then nothing of them is loaded. */
export function useToastsWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => wanted,
    () => false,
  );
}

/**
 * A word at the edge of the screen. The library behind it is loaded with the first one, so that no page pays for
 * toasts it never shows.
 */
export async function toast(message: string, tone: 'good' | 'bad' | 'neutral' = 'neutral', title?: string) {
  wanted = true;
  for (const listener of listeners) listener();
  const { notifications } = await import('@mantine/notifications');
  const color = { good: 'green', bad: 'red', neutral: 'accent' }[tone];
  notifications.show({ message, title, color, autoClose: tone === 'bad' ? 10_000 : 4_000 });
}

const UNANSWERED =
  'The server did not answer so that it could be read. Whether it was done is not known: look before you try again.';

/** A call without an answer of ours: its message is the browser's, about fetch or JSON. */
function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.name === 'TRPCClientError' && 'shape' in error && !error.shape;
}

/** The public words of a failed call, or a plain sentence when there are none. */
export function wordsOf(error: unknown): string {
  if (isUnanswered(error)) return UNANSWERED;
  if (error instanceof Error && error.message) return error.message;
  return 'It did not work. Nothing was changed.';
}
