import type { ProcessorGroup } from '@/server/event-log';

/** How far behind a processor group is on one partition. */
export interface LagReading {
  shardId: number;
  group: ProcessorGroup;
  partition: number;
  /** now − log time of the oldest unprocessed record; 0 when drained and cared for; null when not known */
  lagSeconds: number | null;
  /** customer events not yet processed */
  backlog: number;
  /** the worker that holds it; null when nobody does */
  owner: string | null;
}

/** From here a lag is told in amber, in seconds. */
export const LAG_WARNING_SECONDS = 2;
/** From here a lag is told in red, in seconds. */
export const LAG_CRITICAL_SECONDS = 10;

export interface WorstLag {
  /** null: of no partition is it known */
  seconds: number | null;
  reason: string | null;
}

/** The lag of the partition that is furthest behind. A partition of which nothing is known is never taken for zero. */
export function worstLag(readings: readonly LagReading[], group: ProcessorGroup = 'main'): WorstLag {
  let seconds: number | null = null;
  let unknown = 0;
  let unowned = 0;
  for (const reading of readings) {
    if (reading.group !== group) continue;
    if (reading.lagSeconds === null) unknown += 1;
    else if (seconds === null || reading.lagSeconds > seconds) seconds = reading.lagSeconds;
    if (reading.backlog > 0 && reading.owner === null) unowned += 1;
  }
  if (unowned > 0) return { seconds, reason: `${partitions(unowned)} with a backlog and no worker` };
  if (unknown > 0) return { seconds, reason: `${partitions(unknown)} not heard of: no live worker` };
  return { seconds, reason: seconds === null ? 'no partition has held an event yet' : null };
}

function partitions(count: number): string {
  return count === 1 ? '1 partition' : `${count} partitions`;
}
