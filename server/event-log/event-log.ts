import type { ProcessorGroup } from './log-keys';
import type { DeadLetterRecord } from './records';

/** An event ready to be appended: validated, keyed, hashed and serialised. Made by `encodeEvent`. */
export interface AppendEvent {
  partition: number;
  /** 64-bit hash of the source and the message id: sub-bucket (12 bits) and value (52 bits), as decimal text */
  idBucket: string;
  idValue: string;
  /** JSON of the CustomerEvent */
  json: string;
}

/** What one append call carries, all of one shard. */
export interface Flush {
  shardId: number;
  events: readonly AppendEvent[];
  deadLetters: readonly DeadLetterRecord[];
}

export interface AppendResult {
  /** Indexes into `events` of those that were in the log already: kept as attempts, not as events. */
  duplicates: number[];
}

/** One stream entry: packed records as JSON text, not yet parsed. */
export interface LogEntry {
  /** `<log time in ms>-<sequence>` */
  id: string;
  /** JSON array of LogRecord */
  records: string;
  /** customer events in the partition up to and with this entry */
  eventsSoFar: number;
}

/** Where a reader stands: entries after `after` are returned. '0' is the beginning. */
export interface ReadCursor {
  partition: number;
  after: string;
}

export interface PartitionLag {
  partition: number;
  /** customer events not yet processed */
  backlog: number;
  /** log time of the oldest unprocessed entry, ms; null when drained */
  oldestAt: number | null;
  /** id of the last processed entry, '0' when none */
  offset: string;
}

/** How far back message ids are really known. */
export interface DedupCoverage {
  /** ms since the oldest message id that would still be recognised was taken */
  coveredMs: number;
  /** estimated bytes the ids take */
  bytes: number;
}

/**
 * The log port. Appends are whole or not at all per call (per partition on a cluster), answered only once they are
 * on disk, and deduplicated by message id. Reads never block.
 */
export interface EventLog {
  /** @throws Fault `unavailable` when the log can't take it now; nothing may then be acknowledged. */
  append(flush: Flush): Promise<AppendResult>;
  /** Entries after each cursor, at most `count` a partition. Partitions without news are absent. */
  read(shardId: number, cursors: readonly ReadCursor[], count: number): Promise<Map<number, LogEntry[]>>;
  /** Drops what every one of the groups has processed. Returns the number of entries dropped. */
  trim(shardId: number, partition: number, groups: readonly ProcessorGroup[]): Promise<number>;
  /** Lag of a group on partitions, by its committed offsets. */
  lag(shardId: number, partitions: readonly number[], group: ProcessorGroup): Promise<PartitionLag[]>;
  /** Partitions of the shard that ever held a record. */
  partitions(shardId: number): Promise<number[]>;
  /** Rotates generations of message ids, drops those past their time or over their bytes. */
  maintainDedup(shardId: number): Promise<DedupCoverage>;
}
