import {
  type CustomerEvent,
  type DuplicateRecord,
  type EventLog,
  type LogEntry,
  logOf,
  offsetKey,
} from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { compareEntryIds, entryTime, STREAM_START } from '@/server/scaling';

/** Most rows of one message id that are shown. */
const MOST_ATTEMPTS = 100;
/** Entries of one partition that are looked through when they are not archived yet. */
const MOST_ENTRIES = 500;

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

export interface MessageRows {
  accepted: AcceptedRow[];
  duplicates: { at: Date; sourceId: string; position: string }[];
  refused: { at: Date; sourceId: string; reason: string; field: string | null; detail: string }[];
}

/** What history knows of a message id. */
export function findMessage(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  messageId: string,
): Promise<MessageRows> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const where = { workspaceId, messageId };
    const accepted = await tx.historyEvent.findMany({
      where,
      take: MOST_ATTEMPTS,
      orderBy: { loggedAt: 'asc' },
    });
    const duplicates = await tx.duplicateAttempt.findMany({
      where,
      take: MOST_ATTEMPTS,
      orderBy: { receivedAt: 'asc' },
    });
    const refused = await tx.deadLetter.findMany({
      where,
      take: MOST_ATTEMPTS,
      orderBy: { receivedAt: 'asc' },
    });
    return {
      accepted: accepted.map(({ loggedAt: at, shardId, partition, position, sourceId, name, customer }) => ({
        shardId,
        partition,
        position,
        at,
        sourceId,
        name,
        customer,
        processed: true,
      })),
      duplicates: duplicates.map(({ sourceId, position }) => ({
        at: loggedAt(position),
        sourceId,
        position,
      })),
      refused: refused.map(({ receivedAt, sourceId, reason, field, detail }) => ({
        at: receivedAt,
        sourceId,
        reason,
        field,
        detail,
      })),
    };
  });
}

/** The same of what is in the log and not archived yet. */
export async function findInLog(
  deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>,
  shardId: number,
  partitions: readonly number[],
  messageId: string,
): Promise<Pick<MessageRows, 'accepted' | 'duplicates'>> {
  const needle = `"id":${JSON.stringify(messageId)}`;
  const log = logOf(deps);
  const found: Pick<MessageRows, 'accepted' | 'duplicates'> = { accepted: [], duplicates: [] };
  for (const partition of partitions) {
    const idOf = (group: 'main' | 'archive') =>
      deps.logRedis.hget(offsetKey(shardId, partition, group), 'id');
    const archived = (await idOf('archive')) ?? STREAM_START;
    const processed = (await idOf('main')) ?? STREAM_START;
    const entries = await unarchivedOf(log, { shardId, partition, archived, processed });
    for (const { id, records: text } of entries) {
      if (!text.includes(needle)) continue;
      const records = JSON.parse(text) as (CustomerEvent | DuplicateRecord)[];
      records.forEach((record, index) => {
        if (record.id !== messageId) return;
        const at = new Date(entryTime(id));
        const position = `${id}/${index}`;
        if (record.k === 'd') found.duplicates.push({ at, sourceId: record.s, position });
        if (record.k !== 'e') return;
        const isProcessed = compareEntryIds(processed, id) >= 0;
        const { s: sourceId, n: name, c: customer } = record;
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
  }
  return found;
}

/** What the processors have passed and the archive has not, then what both have before them. */
async function unarchivedOf(
  log: EventLog,
  {
    shardId,
    partition,
    archived,
    processed,
  }: { shardId: number; partition: number; archived: string; processed: string },
): Promise<LogEntry[]> {
  const span = { partition, after: archived, to: processed };
  const [passed = []] = await log.readProcessed(shardId, [span], MOST_ENTRIES);
  const after = compareEntryIds(processed, archived) > 0 ? processed : archived;
  const ahead = await log.read(shardId, [{ partition, after }], MOST_ENTRIES);
  return [...passed, ...(ahead.get(partition) ?? [])];
}

/** When it was appended: attempts stand in the order of the log, whatever the senders' clocks say. */
function loggedAt(position: string): Date {
  return new Date(entryTime(position));
}
