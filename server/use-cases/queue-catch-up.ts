import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { isOfOldEvents } from '@/server/observability';
import { LAG_CRITICAL_SECONDS, type LagReading } from '@/server/observability/lag-reading';
import type { QueueEntry } from '@/server/streaming/partition-step';
import type { PartitionTimes } from './queue-claim.repository';

/** For so long at most nothing is judged by a queue that is out of date, ms: a stream that stays behind holds up nobody. */
export const CATCH_UP_LIMIT_MS = MINUTE_MS;

/** A timer that is due for longer has not been seen to, ms: a drained partition is ticked after `IDLE_MS`, 30 s as a rule. */
const UNTICKED_MS = 40 * SECOND_MS;

/** What comes in at this many times the pace of the clock catches up, however much of it there is. */
const GAINING_PACE = 2;
const MOST_BEHIND_MS = LAG_CRITICAL_SECONDS * SECOND_MS;

/** How far a partition's main group is. */
export type PartitionStanding = Pick<LagReading, 'shardId' | 'partition' | 'owner' | 'lagSeconds'> &
  PartitionTimes;

/** What waits in one shard. */
export interface ShardQueue {
  shardId: number;
  partitions: number;
  entries: readonly QueueEntry[];
}

/** A partition with waits to judge that is behind, ms. */
interface Behind {
  /** since when, without gaining on the clock */
  since: number;
  /** the last look, and how far its events were then */
  seenAt: number;
  newestAt: number | null;
}

/** Partitions that are behind, by `<shard>.<partition>`. */
export type BehindSince = ReadonlyMap<string, Behind>;

/**
 * The waits that may be judged, and which partitions are behind. What a partition that is behind holds is of a time gone by:
 * who stands in its queue may have left since. Pure.
 * @param before which were behind at the look before this one
 */
export function judgeableWaits(
  queues: readonly ShardQueue[],
  standings: readonly PartitionStanding[],
  before: BehindSince,
  now: number,
): { entries: QueueEntry[]; behindSince: BehindSince } {
  const byName = new Map(standings.map((standing) => [nameOf(standing), standing]));
  const behindSince = new Map<string, Behind>();
  const entries = queues.flatMap(({ shardId, partitions, entries: waits }) =>
    waits.filter(({ customer }) => {
      const name = nameOf({ shardId, partition: partitionOf(customer, partitions) });
      const standing = byName.get(name);
      if (standing && isCaughtUp(standing, now)) return true;
      const behind = behindAt(before.get(name), standing?.newestAt ?? null, now);
      behindSince.set(name, behind);
      return now - behind.since >= CATCH_UP_LIMIT_MS;
    }),
  );
  return { entries, behindSince };
}

/** The limit counts from when the partition last gained: what is replayed in minutes may be of hours. */
function behindAt(before: Behind | undefined, newestAt: number | null, now: number): Behind {
  const since = before === undefined || isGaining(before, newestAt, now) ? now : before.since;
  return { since, seenAt: now, newestAt };
}

function isGaining({ seenAt, newestAt: then }: Behind, newestAt: number | null, now: number): boolean {
  if (then === null || newestAt === null || newestAt <= then) return false;
  return newestAt - then >= GAINING_PACE * (now - seenAt);
}

function isCaughtUp(standing: PartitionStanding, now: number): boolean {
  const { owner, lagSeconds, nextTimer } = standing;
  if (owner === null || (lagSeconds ?? 0) * SECOND_MS > MOST_BEHIND_MS) return false;
  // Who falls silent leaves by a timer, and a partition that was just taken may still have to see to it.
  if (nextTimer !== null && now - nextTimer >= UNTICKED_MS) return false;
  return !isOfOldEvents(standing, now);
}

const nameOf = ({ shardId, partition }: Pick<LagReading, 'shardId' | 'partition'>) =>
  `${shardId}.${partition}`;
