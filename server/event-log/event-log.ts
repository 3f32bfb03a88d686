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
  /** claim of the append that wrote it, where an effect is checked against claims (ADR 6) */
  claim?: string;
  /** its claim was given up before anything of it took effect: it has none, and its records are left out */
  refused?: true;
}

/** Where a reader stands: entries after `after` are returned. '0' is the beginning. */
export interface ReadCursor {
  partition: number;
  after: string;
  /** customer events up to and with `after`, for logs that cannot know; 0 when absent */
  events?: number;
}

/** A part of a log that is behind the processors already: entries after `after`, up to and with `to`. */
export interface ProcessedSpan extends ReadCursor {
  to: string;
}

/** Records of other parts of the stream side, packed as JSON text: they are no customer events. */
export interface RecordPack {
  shardId: number;
  partition: number;
  records: string;
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
  /**
   * True when the log lies under the keys of the partition's state, so that a script may append to it in the same step;
   * false when it stands elsewhere, and a commit checks the claims of what it processed (ADR 6).
   */
  readonly isWithState: boolean;
  /** @throws Fault `unavailable` when the log can't take it now; nothing may then be acknowledged. */
  append(flush: Flush): Promise<AppendResult>;
  /** Entries after each cursor, at most `count` a partition. Partitions without news are absent. */
  read(shardId: number, cursors: readonly ReadCursor[], count: number): Promise<Map<number, LogEntry[]>>;
  /**
   * Entries of spans that the main group has processed, in the order asked, at most `count` a span. A span's `events`
   * may be left out: then the archive's standing is gone by.
   */
  readProcessed(shardId: number, spans: readonly ProcessedSpan[], count: number): Promise<LogEntry[][]>;
  /** Id of the first entry after each cursor, in the order asked; null where there is none. */
  firstAfter(shardId: number, cursors: readonly ReadCursor[]): Promise<(string | null)[]>;
  /** Whether each log ends before an entry that was read from it: it was lost, or set back to an earlier moment. */
  endsBefore(shardId: number, cursors: readonly ReadCursor[]): Promise<boolean[]>;
  /** Customer events up to and with entries that the main group has processed; null where that cannot be told. */
  eventsUpTo(shardId: number, cursors: readonly ReadCursor[]): Promise<(number | null)[]>;
  /** Appends records for other partitions, in the order given for each: at least once when it must be repeated. */
  deliver(packs: readonly RecordPack[]): Promise<void>;
  /** Appends a tick in the name of a lease. @returns false, with nothing that takes effect, when its epoch is over */
  tick(pack: RecordPack, epoch: string): Promise<boolean>;
  /** Told by the holder of a new lease before it reads: what a former one has under way takes no effect any more. */
  takeOver(shardId: number, partition: number): Promise<void>;
  /** Drops what every one of the groups has processed. Returns the number of entries dropped. */
  trim(shardId: number, partition: number, groups: readonly ProcessorGroup[]): Promise<number>;
  /** Lag of a group on partitions, by its committed offsets. */
  lag(shardId: number, partitions: readonly number[], group: ProcessorGroup): Promise<PartitionLag[]>;
  /** Partitions of the shard that ever held a record. */
  partitions(shardId: number): Promise<number[]>;
  /** Rotates generations of message ids, drops those past their time or over their bytes. */
  maintainDedup(shardId: number): Promise<DedupCoverage>;
}
