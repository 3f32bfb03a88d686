import { setTimeout as pause } from 'node:timers/promises';
import { SECOND_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { compareEntryIds, STREAM_START } from '@/server/scaling';
import { archivedPartitions } from './lost-state.repository';

/** How long history is waited for to catch up with a live partition. */
const CATCH_UP_MS = 20 * SECOND_MS;
const LOOK_MS = 250;

/** Waits until history holds the log of a partition up to an entry, and what its processors put out. @returns false: not in time */
export async function caughtUp(
  deps: Pick<Deps, 'db' | 'now'>,
  shardId: number,
  partition: number,
  { log, out = STREAM_START }: { log: string; out?: string },
): Promise<boolean> {
  const deadline = deps.now() + CATCH_UP_MS;
  for (;;) {
    const archived = await archivedPartitions(deps, shardId);
    const one = archived.find((held) => held.partition === partition);
    if (one && compareEntryIds(one.log, log) >= 0 && compareEntryIds(one.out, out) >= 0) return true;
    if (deps.now() >= deadline) return false;
    await pause(LOOK_MS);
  }
}
