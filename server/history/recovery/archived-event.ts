import type { JsonObject } from '@/server/core/json';
import type { CustomerEvent } from '@/server/event-log';
import { ANONYMOUS } from '../archive-rows';

/** A row of `history_events`, as far as the processors need it. */
export interface EventRow {
  /** ms */
  eventAt: number;
  customer: string | null;
  messageId: string;
  sourceId: string;
  kind: CustomerEvent['y'];
  name: string;
  platform: CustomerEvent['pl'];
  properties: JsonObject;
  linkedKey: string | null;
  secondLinkedKey: string | null;
}

/**
 * The event as it was logged, but for receipt and what tells repeats, which no result depends on.
 * @param loggedAt ms
 */
export function eventOfRow(row: EventRow, loggedAt: number): CustomerEvent {
  const event: CustomerEvent = {
    k: 'e',
    id: row.messageId,
    c: row.customer ?? ANONYMOUS,
    t: row.eventAt,
    r: loggedAt,
    s: row.sourceId,
    y: row.kind,
    n: row.name,
    pl: row.platform,
    p: row.properties,
  };
  if (row.linkedKey !== null) event.l = row.linkedKey;
  if (row.secondLinkedKey !== null) event.l2 = row.secondLinkedKey;
  return event;
}
