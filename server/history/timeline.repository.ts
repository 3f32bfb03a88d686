import { Prisma } from '@/prisma/client/client';
import type { JsonObject } from '@/server/core/json';
import { shardIds } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** Where a page of a timeline ended. */
export interface TimelinePlace {
  /** event time, ms */
  at: number;
  messageId: string;
}

export interface TimelineRow extends TimelinePlace {
  customer: string;
  name: string;
  kind: string;
  platform: string;
  properties: JsonObject;
}

/**
 * Events of any of these keys, newest first, after `before`; at most `limit`. Of each key and shard no more than that is
 * looked at, however much there is.
 */
export function readTimeline(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
  before: TimelinePlace | null,
  limit: number,
): Promise<TimelineRow[]> {
  const after = before
    ? Prisma.sql`AND (event_at, message_id) < (${new Date(before.at)}, ${before.messageId})`
    : Prisma.empty;
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const rows = await tx.$queryRaw<(Omit<TimelineRow, 'at'> & { at: Date })[]>(Prisma.sql`
      SELECT event.* FROM unnest(${[...keys]}::text[]) AS key, unnest(${shardIds(workspaceId)}) AS shard, LATERAL (
        SELECT event_at AS at, message_id AS "messageId", customer, name, kind, platform, properties
        FROM history_events
        WHERE workspace_id = ${workspaceId} AND customer = key AND shard_id = shard ${after}
        ORDER BY event_at DESC, message_id DESC LIMIT ${limit}
      ) AS event
      ORDER BY at DESC, "messageId" DESC LIMIT ${limit}`);
    return rows.map((row) => ({ ...row, at: row.at.getTime() }));
  });
}
