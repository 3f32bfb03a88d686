/** Tables the archive fills, with the columns in the order its rows have them. */
export const ARCHIVE_TABLES = {
  history_events:
    'workspace_id, shard_id, partition, position, logged_at, event_at, customer, message_id, source_id, kind, name, platform, properties, linked_key, repeat_key, second_linked_key',
  history_records: 'workspace_id, shard_id, partition, position, logged_at, record',
  duplicate_attempts:
    'workspace_id, shard_id, partition, position, message_id, source_id, event_at, received_at',
  history_facts:
    'workspace_id, shard_id, partition, position, customer, kind, at, sign, amount, currency, platform',
  late_events:
    'workspace_id, shard_id, partition, position, customer, message_id, name, event_at, logged_at, lateness_ms, published, corrected',
  decisions:
    'workspace_id, shard_id, partition, position, id, customer, rule_id, rule_version, purpose, action, inputs, provisional, event_at, decided_at, use_case_id, held_out',
  consent_signal_news: 'workspace_id, shard_id, partition, position, customer, kind, denied, at',
  dead_letters:
    'workspace_id, shard_id, position, source_id, message_id, reason, field, detail, sample, sealed, event_at, received_at',
} as const;
export type ArchiveTable = keyof typeof ARCHIVE_TABLES;

/** `identity_links` and `shared_keys` have no COPY: a link that is known already stays as it is. */
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

const FIRST_BYTES = 64 * 1024;
/** Bytes that a UTF-16 unit takes in UTF-8 at most. */
const UNIT_BYTES = 3;

/** Lines of COPY text, written out at once: kept as strings, thousands of rows would be carried along by the collector. */
export class RowText {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #length = 0;

  /** @param line ends with its newline */
  add(line: string): void {
    const needed = this.#length + line.length * UNIT_BYTES;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 4));
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    this.#length += this.#bytes.write(line, this.#length);
  }

  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** The lines again, each with its newline. */
  lines(): string[] {
    return this.bytes.toString().match(/[^\n]*\n/g) ?? [];
  }
}

/** What one transaction writes: COPY text by table, links, and where the streams then stand. */
export class ArchiveBatch {
  readonly rows = new Map<ArchiveTable, RowText>();
  readonly links: LinkRow[] = [];
  readonly moves: OffsetMove[] = [];
  size = 0;

  add(table: ArchiveTable, line: string): void {
    let rows = this.rows.get(table);
    if (!rows) {
      rows = new RowText();
      this.rows.set(table, rows);
    }
    rows.add(line);
    this.size += 1;
  }

  link(row: LinkRow): void {
    this.links.push(row);
    this.size += 1;
  }
}
