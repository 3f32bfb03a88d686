import { Prisma } from '@/prisma/client/client';
import type { LogRecord } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { compareEntryIds, entryTime } from '@/server/scaling';
import { type EventRow, eventOfRow } from './archived-event';
import { type Columns, msOf, readColumns } from './column-page.repository';

/** A record of a partition's log as history kept it. */
export interface ArchivedRecord {
  /** `<entry id>/<index in the entry>` */
  position: string;
  /** ms */
  loggedAt: number;
  record: LogRecord;
  /** of an event: digest of what repeats, where that is not the message id */
  repeatKey?: string | null;
}

export interface LogPlace {
  workspaceId: string;
  shardId: number;
  partition: number;
}

/** Rows of one table in a page: a few megabytes of ordinary events. */
const PAGE = 8_000;

type EventColumns = EventRow & { position: string; repeatKey: string | null };
type RecordColumns = { position: string; record: LogRecord };

const EVENT_COLUMNS: Record<keyof EventColumns, string> = {
  position: 'position',
  eventAt: msOf('event_at'),
  customer: 'customer',
  messageId: 'message_id',
  sourceId: 'source_id',
  kind: 'kind',
  name: 'name',
  platform: 'platform',
  properties: 'properties',
  linkedKey: 'linked_key',
  secondLinkedKey: 'second_linked_key',
  repeatKey: 'repeat_key',
};
const RECORD_COLUMNS: Record<keyof RecordColumns, string> = { position: 'position', record: 'record' };

interface PlacedRecord extends ArchivedRecord {
  entry: string;
  index: number;
}

/**
 * The records of a partition after one entry and up to and with another, in the order of the log, a page at a time.
 * Suppressed repeats are left out: they change nothing but a counter.
 * @param pageRows of one table in a page, about
 */
export async function* archivedRecords(
  deps: Pick<Deps, 'db'>,
  place: LogPlace,
  after: string,
  upTo: string,
  pageRows = PAGE,
): AsyncGenerator<ArchivedRecord[]> {
  let from = entryTime(after);
  let limit = pageRows;
  for (;;) {
    const { records, next } = await readPage(deps, place, { from, upTo: entryTime(upTo), limit });
    const wanted = records.filter((record) => isBetween(record, after, upTo));
    if (wanted.length > 0) yield wanted.sort(byPlace);
    if (next === null) return;
    // More than a page within one millisecond: it is read whole, since within one the table orders as text.
    limit = next > from ? pageRows : limit * 2;
    from = next;
  }
}

/** Whether a record read for its millisecond is wanted: entries are compared only in the first and in the last one. */
function isBetween({ loggedAt, entry }: PlacedRecord, after: string, upTo: string): boolean {
  if (loggedAt <= entryTime(after) && compareEntryIds(entry, after) <= 0) return false;
  return loggedAt < entryTime(upTo) || compareEntryIds(entry, upTo) <= 0;
}

function byPlace(a: PlacedRecord, b: PlacedRecord): number {
  return a.loggedAt - b.loggedAt || compareEntryIds(a.entry, b.entry) || a.index - b.index;
}

interface Page {
  records: PlacedRecord[];
  /** ms that the next page begins with; null: there is none */
  next: number | null;
}

/** Rows of both tables from one millisecond on, up to the last that both were read whole to. */
async function readPage(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId, partition }: LogPlace,
  { from, upTo, limit }: { from: number; upTo: number; limit: number },
): Promise<Page> {
  // Times of thirteen digits order as text: the key of the table finds the rows, in order by the millisecond.
  const rows = Prisma.sql`WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ${partition}
    AND position >= ${String(from)} AND position < ${String(upTo + 1)}
    AND logged_at BETWEEN ${new Date(from)} AND ${new Date(upTo)} ORDER BY position LIMIT ${limit}`;
  const [events, records] = await withWorkspace(deps.db, workspaceId, async (tx) => [
    eventsOf(
      await readColumns<EventColumns>(
        tx,
        EVENT_COLUMNS,
        Prisma.sql`(SELECT * FROM history_events ${rows}) AS page`,
      ),
    ),
    recordsOf(
      await readColumns<RecordColumns>(
        tx,
        RECORD_COLUMNS,
        Prisma.sql`(SELECT * FROM history_records ${rows}) AS page`,
      ),
    ),
  ]);
  const cuts = [events, records].flatMap((list) => (list.length < limit ? [] : [list.at(-1)?.loggedAt ?? 0]));
  if (cuts.length === 0) return { records: [...events, ...records], next: null };
  const next = Math.min(...cuts);
  return { records: [...events, ...records].filter(({ loggedAt }) => loggedAt < next), next };
}

function eventsOf(columns: Columns<EventColumns>): PlacedRecord[] {
  const { position, eventAt, customer, messageId, sourceId, kind, name, platform, properties } = columns;
  const { linkedKey, secondLinkedKey, repeatKey } = columns;
  return position.map((at, row) => {
    const place = placeOf(at);
    const event = eventOfRow(
      {
        eventAt: eventAt[row] as number,
        customer: customer[row] as string | null,
        messageId: messageId[row] as string,
        sourceId: sourceId[row] as string,
        kind: kind[row] as EventRow['kind'],
        name: name[row] as string,
        platform: platform[row] as EventRow['platform'],
        properties: properties[row] as EventRow['properties'],
        linkedKey: linkedKey[row] as string | null,
        secondLinkedKey: secondLinkedKey[row] as string | null,
      },
      place.loggedAt,
    );
    return { ...place, record: event, repeatKey: repeatKey[row] as string | null };
  });
}

function recordsOf({ position, record }: Columns<RecordColumns>): PlacedRecord[] {
  return position.map((at, row) => ({ ...placeOf(at), record: record[row] as LogRecord }));
}

function placeOf(position: string): Omit<PlacedRecord, 'record'> {
  const slash = position.indexOf('/');
  const entry = position.slice(0, slash);
  return { position, loggedAt: entryTime(entry), entry, index: Number(position.slice(slash + 1)) };
}
