import { setTimeout as pause } from 'node:timers/promises';

export interface UntilOptions {
  /** How long to wait at most, in milliseconds: where much else runs, ten seconds are soon over. */
  readonly timeoutMs?: number;
  /** Milliseconds between looks. */
  readonly everyMs?: number;
  /** What is waited for, for the message of a failure. */
  readonly what?: string;
}

/**
 * Waits until `look` returns something true, and returns it. An error in `look` counts as "not yet".
 * @throws Error with the last error or value when the time is up
 */
export async function until<T>(
  look: () => T | Promise<T>,
  { timeoutMs = 30_000, everyMs = 20, what = 'the condition' }: UntilOptions = {},
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await look();
      if (value) return value;
      last = value;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= deadline) {
      throw new Error(`${what} did not hold within ${timeoutMs} ms; last seen: ${String(last)}`, {
        cause: last,
      });
    }
    await pause(everyMs);
  }
}
