import { Prisma } from '@/prisma/client/client';
import type { LogRecord } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { entryTime, STREAM_START } from '@/server/scaling';
import { type EventRow, eventOfRow } from './archived-event';

/** A record of a partition's log as history kept it. */
export interface ArchivedRecord {
  /** `<entry id>/<index in the entry>` */
  position: string;
  /** ms */
  loggedAt: number;
  record: LogRecord;
}

export interface LogPlace {
  workspaceId: string;
  shardId: number;
  partition: number;
}

const PAGE = 4_000;

type Row = Pick<EventRow, 'position' | 'loggedAt'> & ({ record: LogRecord } | ({ record: null } & EventRow));

/** Place in the order of the log: time and sequence of the entry, index in it. */
type Cursor = [ms: number, sequence: number, index: number];

/**
 * The records of a partition after one entry and up to and with another, in the order of the log, a page at a time.
 * Suppressed repeats are left out: they change nothing but a counter.
 */
export async function* archivedRecords(
  deps: Pick<Deps, 'db'>,
  place: LogPlace,
  after: string,
  upTo: string,
): AsyncGenerator<ArchivedRecord[]> {
  let cursor: Cursor = [entryTime(after), sequenceOf(after), Number.MAX_SAFE_INTEGER];
  if (after === STREAM_START) cursor = [0, 0, 0];
  for (;;) {
    const rows = await readPage(deps, place, cursor, upTo);
    if (rows.length > 0) yield rows.map(recordOf);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    const [entry = STREAM_START, index = '0'] = last.position.split('/');
    cursor = [entryTime(entry), sequenceOf(entry), Number(index)];
  }
}

const sequenceOf = (entry: string) => Number(entry.slice(entry.indexOf('-') + 1));

function readPage(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId, partition }: LogPlace,
  [ms, sequence, index]: Cursor,
  upTo: string,
): Promise<Row[]> {
  const from = new Date(ms);
  const end = new Date(entryTime(upTo));
  // Times of thirteen digits order as text: the key of the table finds the first row.
  const where = Prisma.sql`workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ${partition}
    AND position >= ${String(ms)} AND logged_at BETWEEN ${from} AND ${end}`;
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$queryRaw<Row[]>(Prisma.sql`
      SELECT position, logged_at AS "loggedAt", record, event_at AS "eventAt", customer, message_id AS "messageId",
        source_id AS "sourceId", kind, name, platform, properties, linked_key AS "linkedKey"
      FROM (
        SELECT position, logged_at, NULL::json AS record, event_at, customer, message_id, source_id, kind, name, platform,
          properties, linked_key FROM history_events WHERE ${where}
        UNION ALL
        SELECT position, logged_at, record, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
        FROM history_records WHERE ${where}
      ) AS kept, LATERAL (SELECT split_part(split_part(position, '/', 1), '-', 2)::bigint AS entry_seq,
        split_part(position, '/', 2)::bigint AS entry_index) AS place
      WHERE (logged_at, entry_seq, entry_index) > (${from}, ${sequence}, ${index})
        AND (logged_at, entry_seq) <= (${end}, ${sequenceOf(upTo)})
      ORDER BY logged_at, entry_seq, entry_index LIMIT ${PAGE}`),
  );
}

function recordOf(row: Row): ArchivedRecord {
  const { position } = row;
  const loggedAt = row.loggedAt.getTime();
  return { position, loggedAt, record: row.record ?? eventOfRow(row) };
}
