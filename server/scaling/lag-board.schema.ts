import type { LagCause } from './lag-cause';
import type { LagRefusals } from './lag-refusals.schema';
import type { Group } from './partition-keys';

/** Of one group on one partition, short because it is sent each second. */
export interface LagBoardRow {
  shardId: number;
  partition: number;
  group: Group;
  /** s; null: not known */
  lagSeconds: number | null;
  backlog: number;
  owner: string | null;
  /** customer events a second; null: not known yet */
  arriving: number | null;
  processed: number | null;
  /** change of the lag, s a second */
  trend: number | null;
  /** s until it is drained at these rates; null: it is not draining, or not known */
  drainSeconds: number | null;
  /** s until the lag is past the limit; null: it is past it, or not growing */
  breachSeconds: number | null;
}

/** A group as a whole: its worst partition, and the sums of its rates. */
export interface LagBoardGroup extends Omit<LagBoardRow, 'shardId' | 'partition' | 'owner'> {
  /** why the lag is not known, or known in part */
  reason: string | null;
  workers: number;
  usuallyArriving: number | null;
  /** worst lag of the last minutes */
  course: { at: number; value: number | null }[];
}

/** Why partitions of a group are behind: those with the same cause together. */
export interface LagBoardCause {
  group: Group;
  cause: LagCause;
  /** names, worst first */
  partitions: string[];
  worstSeconds: number;
  /** ms: since when it has been the cause */
  since: number;
  /** it no longer holds; what it left behind is being worked off */
  isPast: boolean;
}

/** A customer who makes much of a partition's load. */
export interface HotCustomer {
  shardId: number;
  partition: number;
  /** masked; null: customers who opted out, or records that are nobody's */
  key: string | null;
  /** the same for the same customer: tells two apart that look alike masked */
  tag: string;
  /** of the partition's records, 0…1 */
  share: number;
  perSecond: number;
}

/** Where a shard is. */
export interface ShardRegion {
  shardId: number;
  region: string;
}

/** Data of the room `lag`: whole with every push, once a second. */
export interface LagBoardSnapshot {
  /** ms: when the lag was read; null: it cannot be read */
  at: number | null;
  /** why it cannot be read */
  problem: string | null;
  /** a lag past this is a breach, s */
  limitSeconds: number;
  /** traffic that is refused because of lag; null: none */
  refusals: LagRefusals | null;
  /** of the workspace's shards; none while the lag cannot be read */
  regions: ShardRegion[];
  groups: LagBoardGroup[];
  rows: LagBoardRow[];
  causes: LagBoardCause[];
  hot: HotCustomer[];
  /** largest ÷ mean of the events a second of partitions, and of workers; null: no load */
  skew: { partitions: number | null; workers: number | null };
}
