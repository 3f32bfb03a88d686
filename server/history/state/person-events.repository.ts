import { Prisma } from '@/prisma/client/client';
import type { CustomerEvent } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { compareEntryIds, entryTime } from '@/server/scaling';
import { type EventRow, eventOfRow } from '../recovery/archived-event';
import type { ArchivedRecord } from '../recovery/archived-log.repository';
import { msOf } from '../recovery/column-page.repository';

type Row = EventRow & { partition: number; position: string };

/** An event of one of the keys asked for. */
export interface PersonEvent extends ArchivedRecord {
  record: CustomerEvent;
  partition: number;
  /** place in the order of all events that were read together */
  order: number;
}

/**
 * Events of these keys in the order they were logged, by key's customer; at most `limit` altogether: one more than that
 * says that there are more.
 */
export async function personEvents(
  deps: Pick<Deps, 'db'>,
  place: { workspaceId: string; shardId: number },
  keys: readonly string[],
  limit: number,
): Promise<PersonEvent[]> {
  const { workspaceId, shardId } = place;
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$queryRaw<Row[]>(Prisma.sql`
      SELECT partition, position, ${Prisma.raw(msOf('event_at'))}::float8 AS "eventAt", customer, message_id AS "messageId",
        source_id AS "sourceId", kind, name, platform, properties, linked_key AS "linkedKey",
        second_linked_key AS "secondLinkedKey"
      FROM history_events
      WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND customer = ANY (${[...keys]})
      LIMIT ${limit}`),
  );
  const events = rows.map(eventOf).sort(byLogOrder);
  events.forEach((event, order) => {
    event.order = order;
  });
  return events;
}

function eventOf(row: Row): PersonEvent {
  const { partition, position } = row;
  const loggedAt = entryTime(position);
  return { partition, position, loggedAt, record: eventOfRow(row, loggedAt), order: 0 };
}

/** Within a partition the order is exact; across partitions no result depends on it. */
function byLogOrder(a: PersonEvent, b: PersonEvent): number {
  const [entryA = '', indexA = '0'] = a.position.split('/');
  const [entryB = '', indexB = '0'] = b.position.split('/');
  return compareEntryIds(entryA, entryB) || a.partition - b.partition || Number(indexA) - Number(indexB);
}
