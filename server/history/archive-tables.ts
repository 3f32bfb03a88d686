/** Tables the archive fills, with the columns in the order its rows have them. */
export const ARCHIVE_TABLES = {
  history_events:
    'workspace_id, shard_id, partition, position, logged_at, event_at, customer, message_id, source_id, kind, name, platform, properties',
  duplicate_attempts:
    'workspace_id, shard_id, partition, position, message_id, source_id, event_at, received_at',
  history_facts:
    'workspace_id, shard_id, partition, position, customer, kind, at, sign, amount, currency, platform',
  late_events:
    'workspace_id, shard_id, partition, position, customer, message_id, name, event_at, logged_at, lateness_ms, published, corrected',
  decisions:
    'workspace_id, shard_id, partition, position, id, customer, rule_id, rule_version, purpose, action, inputs, provisional, event_at, decided_at',
  dead_letters:
    'workspace_id, shard_id, position, source_id, message_id, reason, field, detail, sample, sealed, event_at, received_at',
} as const;
export type ArchiveTable = keyof typeof ARCHIVE_TABLES;

/** `identity_links` has no COPY: a link that is known already stays as it is. */
export interface LinkRow {
  workspaceId: string;
  from: string;
  to: string;
  /** ms */
  at: number;
}

/** A stream that the archive follows: `log` and `out` of a partition, `dl` of a shard (partition −1). */
export interface StreamPlace {
  shardId: number;
  partition: number;
  stream: 'log' | 'out' | 'dl';
}

export const DEAD_LETTER_PARTITION = -1;

/** How far one stream moves in a batch. */
export interface OffsetMove extends StreamPlace {
  before: string;
  after: string;
}

/** What one transaction writes: lines of COPY text by table, links, and where the streams then stand. */
export class ArchiveBatch {
  readonly rows = new Map<ArchiveTable, string[]>();
  readonly links: LinkRow[] = [];
  readonly moves: OffsetMove[] = [];
  size = 0;

  add(table: ArchiveTable, line: string): void {
    const lines = this.rows.get(table);
    if (lines) lines.push(line);
    else this.rows.set(table, [line]);
    this.size += 1;
  }

  link(row: LinkRow): void {
    this.links.push(row);
    this.size += 1;
  }
}
