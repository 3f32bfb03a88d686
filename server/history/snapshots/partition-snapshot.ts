/** Streams travel as they are: id and fields of each entry. */
export type StreamEntry = [id: string, fields: string[]];

/** All that the stream side knows of one partition, as of one commit; epochs are left out, since leases are not restored. */
export interface PartitionSnapshot {
  version: 1;
  shardId: number;
  partition: number;
  /** ms */
  takenAt: number;
  /** `id`, `n`, `at` of the processors' offset */
  offset: Record<string, string>;
  /** where the archive stood then: entries of `log` and `out` behind it are in Postgres */
  archived: string;
  clock: Record<string, string>;
  aggregates: string | null;
  sequence: string | null;
  consentVersion: string | null;
  /** customer → text */
  states: Record<string, string>;
  /** parts kept beside the states */
  parts: Record<string, string>;
  redirects: Record<string, string>;
  consent: Record<string, string>;
  queue: Record<string, string>;
  cooldowns: Record<string, string>;
  sent: Record<string, string>;
  inbox: Record<string, string>;
  /** member and score in turn */
  timers: string[];
  outbox: StreamEntry[];
  /** not yet archived at that moment, bounded */
  log: StreamEntry[];
  out: StreamEntry[];
}

/** Name of a snapshot's object: names of one partition order by time. */
export function snapshotName(shardId: number, partition: number, takenAt: number): string {
  return `${shardId}/${partition}/${String(takenAt).padStart(15, '0')}.snap`;
}

/** Prefix of all snapshots of one partition. */
export function snapshotPrefix(shardId: number, partition: number): string {
  return `${shardId}/${partition}/`;
}
