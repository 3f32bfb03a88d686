import { Prisma } from '@/prisma/client/client';
import type { JsonObject } from '@/server/core/json';
import { shardIds } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

export interface PurchaseRow {
  /** event time, ms */
  at: number;
  messageId: string;
  name: string;
  properties: JsonObject;
}

/** Orders and refunds of any of these keys, newest first; at most `limit`. */
export function readPurchases(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  keys: readonly string[],
  limit: number,
): Promise<PurchaseRow[]> {
  return withWorkspace(deps.db, workspaceId, async (tx) => {
    const rows = await tx.$queryRaw<(Omit<PurchaseRow, 'at'> & { at: Date })[]>(Prisma.sql`
      SELECT event_at AS at, message_id AS "messageId", name, properties FROM history_events
      WHERE workspace_id = ${workspaceId} AND customer = ANY(${[...keys]}) AND shard_id = ANY(${shardIds(workspaceId)})
        AND kind = 'track' AND name IN ('Order Completed', 'Order Refunded')
      ORDER BY event_at DESC, message_id DESC LIMIT ${limit}`);
    return rows.map((row) => ({ ...row, at: row.at.getTime() }));
  });
}
