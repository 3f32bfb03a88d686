import type { Prisma } from '@/prisma/client/client';
import {
  type CustomerEvent,
  type DeadLetterRecord,
  type DuplicateRecord,
  deadLetterLogKey,
  type EventLog,
  type LogEntry,
  logOf,
  offsetKey,
} from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { compareEntryIds, entryTime, STREAM_START } from '@/server/scaling';

/** Most rows of a kind of one message id that are told. */
const MOST_ATTEMPTS = 100;
/** What one partition holds unarchived is looked through in so many pages of so many entries at most. */
const MOST_PAGES = 5;
const PAGE_ENTRIES = 500;
/** Entries of dead letters are read fewer at once: each letter holds its whole event. */
const LETTER_PAGES = 25;
const LETTER_PAGE_ENTRIES = 100;

export interface AcceptedRow {
  shardId: number;
  partition: number;
  position: string;
  at: Date;
  sourceId: string;
  name: string;
  customer: string | null;
  processed: boolean;
}

export interface RefusedRow {
  shardId: number;
  position: string;
  at: Date;
  sourceId: string;
  reason: string;
  field: string | null;
  detail: string;
}

/** Columns that are told of each kind: what an event carried is not read. */
const ACCEPTED = {
  loggedAt: true,
  shardId: true,
  partition: true,
  position: true,
  sourceId: true,
  name: true,
  customer: true,
} as const;
const DUPLICATE = { sourceId: true, position: true } as const;
const REFUSED = {
  receivedAt: true,
  shardId: true,
  position: true,
  sourceId: true,
  reason: true,
  field: true,
  detail: true,
} as const;

export interface MessageRows {
  accepted: AcceptedRow[];
  duplicates: { at: Date; sourceId: string; position: string }[];
  refused: RefusedRow[];
}

/** What history knows of a message id; `isWhole` false: more than is told here. */
export function findMessage(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  messageId: string,
): Promise<MessageRows & { isWhole: boolean }> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    await preferIdFilters(tx);
    const where = { workspaceId, messageId };
    // One more than is told: whether there is more is to be known too.
    const take = MOST_ATTEMPTS + 1;
    const byLog = { where, take, orderBy: { loggedAt: 'asc' } } as const;
    const byReceipt = { where, take, orderBy: { receivedAt: 'asc' } } as const;
    const accepted = await tx.historyEvent.findMany({ ...byLog, select: ACCEPTED });
    const duplicates = await tx.duplicateAttempt.findMany({ ...byReceipt, select: DUPLICATE });
    const refused = await tx.deadLetter.findMany({ ...byReceipt, select: REFUSED });
    const told = <T>(rows: readonly T[]) => rows.slice(0, MOST_ATTEMPTS);
    return {
      isWhole: [accepted, duplicates, refused].every((rows) => rows.length < take),
      accepted: told(accepted).map(({ loggedAt: at, ...row }) => ({ ...row, at, processed: true })),
      duplicates: told(duplicates).map((row) => ({ ...row, at: loggedAt(row.position) })),
      refused: told(refused).map(({ receivedAt: at, ...row }) => ({ ...row, at })),
    };
  });
}

/**
 * For the rest of the transaction the Bloom filters of message ids are used: Postgres sees ids in no order and takes it that
 * every range holds every id, so that it would rather read all of history.
 */
export async function preferIdFilters(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`SET LOCAL enable_seqscan = off`;
}

/** What the log holds of a message that is not archived yet. */
export interface LogRows extends Pick<MessageRows, 'accepted' | 'duplicates'> {
  /** false: more waits than was looked through */
  isWhole: boolean;
}

/** How far a partition is. */
interface Standing {
  shardId: number;
  partition: number;
  archived: string;
  processed: string;
}

/** The same of what is in the log and not archived yet. */
export async function findInLog(
  deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>,
  shardId: number,
  partitions: readonly number[],
  messageId: string,
): Promise<LogRows> {
  const log = logOf(deps);
  const found: LogRows = { accepted: [], duplicates: [], isWhole: true };
  for (const partition of partitions)
    await lookThrough(log, await standingOf(deps.logRedis, shardId, partition), messageId, found);
  return found;
}

async function standingOf(redis: Deps['logRedis'], shardId: number, partition: number): Promise<Standing> {
  const idOf = async (group: 'main' | 'archive') =>
    (await redis.hget(offsetKey(shardId, partition, group), 'id')) ?? STREAM_START;
  // The archive first: it is never further than the processors.
  const archived = await idOf('archive');
  return { shardId, partition, archived, processed: await idOf('main') };
}

/** Notes what a partition holds of the message and has not archived, as far as it is looked through. */
async function lookThrough(
  log: EventLog,
  standing: Standing,
  messageId: string,
  found: LogRows,
): Promise<void> {
  let pages = 0;
  for await (const entries of unarchivedPages(log, standing)) {
    pages += 1;
    if (pages > MOST_PAGES) {
      found.isWhole = false;
      return;
    }
    for (const entry of entries) noteRows(found, entry, standing, messageId);
  }
}

/** What the processors have passed and the archive has not, then what both have before them. */
async function* unarchivedPages(log: EventLog, standing: Standing): AsyncGenerator<LogEntry[]> {
  const { shardId, partition, archived, processed } = standing;
  for (let after = archived; ; ) {
    const isPassed = compareEntryIds(processed, after) > 0;
    const entries = isPassed
      ? (await log.readProcessed(shardId, [{ partition, after, to: processed }], PAGE_ENTRIES))[0]
      : (await log.read(shardId, [{ partition, after }], PAGE_ENTRIES)).get(partition);
    const last = entries?.at(-1);
    if (entries && last) yield entries;
    else if (!isPassed) return;
    after = last?.id ?? processed;
  }
}

/** Adds what an entry holds of the message. */
function noteRows(
  found: LogRows,
  { id, records: text }: LogEntry,
  { shardId, partition, processed }: Standing,
  messageId: string,
): void {
  if (!holds(text, messageId)) return;
  const at = new Date(entryTime(id));
  const isProcessed = compareEntryIds(processed, id) >= 0;
  const records = JSON.parse(text) as (CustomerEvent | DuplicateRecord)[];
  records.forEach((record, index) => {
    if (record.id !== messageId) return;
    const position = `${id}/${index}`;
    const { s: sourceId } = record;
    if (record.k === 'd') found.duplicates.push({ at, sourceId, position });
    if (record.k !== 'e') return;
    const { n: name, c: customer } = record;
    found.accepted.push({
      shardId,
      partition,
      position,
      at,
      sourceId,
      name,
      customer,
      processed: isProcessed,
    });
  });
}

/**
 * What waits of it among the refused events of a shard, which lie beside the partitions and go when they are archived.
 * `isWhole` false: more waits than was looked through, or of it than is told here.
 */
export async function findRefused(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
  messageId: string,
): Promise<{ refused: RefusedRow[]; isWhole: boolean }> {
  const refused: RefusedRow[] = [];
  const told = (isWhole: boolean) => ({
    refused: refused.slice(0, MOST_ATTEMPTS),
    isWhole: isWhole && refused.length <= MOST_ATTEMPTS,
  });
  let after = STREAM_START;
  for (let page = 0; page < LETTER_PAGES; page += 1) {
    const entries = await lettersAfter(logRedis, shardId, after, LETTER_PAGE_ENTRIES);
    for (const [id, fields] of entries) noteLetters(refused, shardId, id, fields, messageId);
    const last = entries.at(-1);
    if (!last || entries.length < LETTER_PAGE_ENTRIES) return told(true);
    [after] = last;
  }
  return told((await lettersAfter(logRedis, shardId, after, 1)).length === 0);
}

function lettersAfter(
  logRedis: Deps['logRedis'],
  shardId: number,
  after: string,
  count: number,
): Promise<[id: string, fields: string[]][]> {
  return logRedis.xrange(deadLetterLogKey(shardId), `(${after}`, '+', 'COUNT', count);
}

function noteLetters(
  refused: RefusedRow[],
  shardId: number,
  id: string,
  fields: string[],
  messageId: string,
): void {
  const text = fields[fields.indexOf('r') + 1] ?? '[]';
  if (!holds(text, messageId)) return;
  (JSON.parse(text) as DeadLetterRecord[]).forEach((letter, index) => {
    if (letter.id !== messageId || refused.length > MOST_ATTEMPTS) return;
    const { s: sourceId, reason, field = null, detail, r } = letter;
    refused.push({ shardId, position: `${id}/${index}`, at: new Date(r), sourceId, reason, field, detail });
  });
}

/** Whether packed records may hold the message: to parse them all would take far longer. */
function holds(text: string, messageId: string): boolean {
  return text.includes(`"id":${JSON.stringify(messageId)}`);
}

/** When it was appended: attempts stand in the order of the log, whatever the senders' clocks say. */
function loggedAt(position: string): Date {
  return new Date(entryTime(position));
}
