import type { JsonObject } from '@/server/core/json';
import type { CustomerEvent, EventType, Platform } from '@/server/event-log/records';
import { shardIds } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

export interface TrialBounds {
  /** triggers are looked for from here, ms */
  since: number;
  /** what the customers did before is read from here, ms */
  contextSince: number;
  maxCustomers: number;
  maxEvents: number;
}

export interface TrialHistory {
  events: CustomerEvent[];
  /** more had happened than was read */
  cut: boolean;
}

interface HistoryRow {
  customer: string;
  messageId: string;
  sourceId: string;
  kind: string;
  name: string;
  platform: string;
  properties: JsonObject;
  eventAt: Date;
  loggedAt: Date;
}

/** Everything that the customers with a triggering event did, in order of logging. Opted-out customers have no key here. */
export async function trialHistory(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  triggers: readonly string[],
  bounds: TrialBounds,
): Promise<TrialHistory> {
  const rows = await withWorkspace(
    deps.db,
    workspaceId,
    (tx) =>
      tx.$queryRaw<HistoryRow[]>`
        WITH triggered AS (
          SELECT DISTINCT customer FROM history_events
          WHERE workspace_id = ${workspaceId} AND logged_at >= ${new Date(bounds.since)}
            AND name = ANY(${[...triggers]}::text[]) AND customer IS NOT NULL
          LIMIT ${bounds.maxCustomers})
        SELECT e.customer, e.message_id AS "messageId", e.source_id AS "sourceId", e.kind, e.name, e.platform,
               e.properties, e.event_at AS "eventAt", e.logged_at AS "loggedAt"
        FROM history_events e JOIN triggered USING (customer)
        WHERE e.workspace_id = ${workspaceId} AND e.shard_id = ANY(${shardIds(workspaceId)})
          AND e.logged_at >= ${new Date(bounds.contextSince)}
        ORDER BY e.logged_at DESC, e.partition DESC, e.position DESC
        LIMIT ${bounds.maxEvents}`,
  );
  const customers = new Set(rows.map(({ customer }) => customer));
  const cut = rows.length >= bounds.maxEvents || customers.size >= bounds.maxCustomers;
  return { events: rows.reverse().map(eventOf), cut };
}

function eventOf(row: HistoryRow): CustomerEvent {
  return {
    k: 'e',
    id: row.messageId,
    c: row.customer,
    t: row.eventAt.getTime(),
    r: row.loggedAt.getTime(),
    s: row.sourceId,
    y: row.kind as EventType,
    n: row.name,
    pl: row.platform as Platform,
    p: row.properties,
  };
}
