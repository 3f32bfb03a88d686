import type { OperatorKey } from '@/server/processors/topology.schema';

/** Window of the rates, and of what is measured on followed events, s. */
export const RATE_SECONDS = 10;
export const FOLLOWED_SECONDS = 60;

/** One operator as of now; null: not known, or nothing of that kind. */
export interface OperatorFigures {
  /** per second over the last ten */
  takes: number | null;
  gives: number | null;
  /** µs it had an event in hand, mean over the followed events of the last minute */
  microseconds: number | null;
  /** followed events that came to it in the last minute */
  followed: number;
  /** estimated from a sample of the keyed state, bytes */
  stateBytes: number | null;
  /** in the last minute */
  errors: number | null;
}

export interface GroupFigures {
  group: 'main' | 'archive';
  /** of the partition that is furthest behind; null: not known */
  lagSeconds: number | null;
  reason: string | null;
  /** customer events not yet processed */
  backlog: number;
  workers: number;
}

/** Event time of one partition, short because it is sent each second; times in ms; a tick before all dates: none. */
export type PartitionWatermark = [
  shardId: number,
  partition: number,
  newest: number,
  tick: number,
  idle: 0 | 1,
];

/** Data of the room `streams`: whole with every push. */
export interface StreamsSnapshot {
  /** ms */
  computedAt: number;
  operators: Partial<Record<OperatorKey, OperatorFigures>>;
  groups: GroupFigures[];
  watermark: {
    /** least of the partitions that are not idle, ms of event time; null: all are idle, or nothing has come */
    at: number | null;
    /** greatest of all partitions; null: nothing has come */
    newest: number | null;
    /** allowed lateness, ms: results older than the watermark by this are final */
    latenessMs: number;
    partitions: PartitionWatermark[];
  };
  state: {
    /** customers kept; null: could not be read */
    customers: number | null;
    /** states looked at for the sizes */
    sampled: number;
  };
  /** events followed in the last minute, and one in how many */
  followed: number;
}

/** A record that an operator could not take. */
export interface OperatorError {
  /** of its dead letter */
  id: string;
  /** ms */
  at: number;
  reason: string;
  detail: string;
  messageId: string | null;
}
