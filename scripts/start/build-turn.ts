import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandLineOf } from '@/server/platform/embedded/process-table';

const POLL_MS = 500;
let turns = 0;

/**
 * Waits until no other process that lives holds the file, and takes it: of two that come at the same moment one waits.
 * @returns gives it back
 */
export async function takeTurn(file: string, stopping: AbortSignal, everyMs = POLL_MS): Promise<() => void> {
  mkdirSync(dirname(file), { recursive: true });
  while (!take(file)) {
    stopping.throwIfAborted();
    const holder = holderOf(file);
    if (holder === null) continue;
    if (commandLineOf(holder) === null) rmSync(file, { force: true });
    else await pause(everyMs);
  }
  return () => rmSync(file, { force: true });
}

/** True when it is ours now: a link is made at once with what is in it, or not at all. */
function take(file: string): boolean {
  turns += 1;
  const own = `${file}.${process.pid}.${turns}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Process id in the file; null: it has just been given back. */
function holderOf(file: string): number | null {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
