import { MINUTE_MS, SECOND_MS } from '@/server/core/durations';
import { partitionOf } from '@/server/core/partition';
import { LAG_CRITICAL_SECONDS, type LagReading } from '@/server/observability/lag-reading';
import type { QueueEntry } from '@/server/streaming/partition-step';
import type { PartitionTimes } from './queue-claim.repository';

/** For so long at most nothing is judged by a queue that is out of date, ms: a stream that stays behind holds up nobody. */
export const CATCH_UP_LIMIT_MS = MINUTE_MS;

/** A timer that is due for longer has not been seen to, ms: a drained partition is ticked after `IDLE_MS`, 30 s as a rule. */
const UNTICKED_MS = 40 * SECOND_MS;

/** Records that came within this time say that more of their kind may be on the way, ms. */
const JUST_NOW_MS = 5 * SECOND_MS;
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

/** Since when partitions with waits to judge are behind, ms; by `<shard>.<partition>`. */
export type BehindSince = ReadonlyMap<string, number>;

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
  const caughtUp = new Set(standings.filter((one) => isCaughtUp(one, now)).map(nameOf));
  const behindSince = new Map<string, number>();
  const entries = queues.flatMap(({ shardId, partitions, entries: waits }) =>
    waits.filter(({ customer }) => {
      const name = nameOf({ shardId, partition: partitionOf(customer, partitions) });
      if (caughtUp.has(name)) return true;
      const since = before.get(name) ?? now;
      behindSince.set(name, since);
      return now - since >= CATCH_UP_LIMIT_MS;
    }),
  );
  return { entries, behindSince };
}

function isCaughtUp(standing: PartitionStanding, now: number): boolean {
  const { owner, lagSeconds, nextTimer } = standing;
  if (owner === null || (lagSeconds ?? 0) * SECOND_MS > MOST_BEHIND_MS) return false;
  // Who falls silent leaves by a timer, and a partition that was just taken may still have to see to it.
  if (nextTimer !== null && now - nextTimer >= UNTICKED_MS) return false;
  return !isOfOldEvents(standing, now);
}

/** A source that was away sends what happened meanwhile: who left is among what it has yet to send. */
function isOfOldEvents({ recordAt, newestAt }: PartitionTimes, now: number): boolean {
  if (recordAt === null || newestAt === null) return false;
  return now - recordAt < JUST_NOW_MS && recordAt - newestAt > MOST_BEHIND_MS;
}

const nameOf = ({ shardId, partition }: Pick<LagReading, 'shardId' | 'partition'>) =>
  `${shardId}.${partition}`;
