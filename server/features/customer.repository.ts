import { shardIds } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/**
 * Keys of archived customers that begin with a text, in order. One step of the index for each key that is found, so
 * that the cost follows the answer and not the history.
 */
export async function keysBeginningWith(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  prefix: string,
  limit: number,
): Promise<{ key: string; linkedTo: string | null }[]> {
  const rows = await withWorkspace(
    deps.db,
    workspaceId,
    (tx) => tx.$queryRaw<{ key: string; linked_to: string | null }[]>`
      WITH RECURSIVE found AS (
        (SELECT customer AS key, 1 AS place FROM history_events
          WHERE shard_id = ANY(${shardIds(workspaceId)}) AND customer >= ${prefix} ORDER BY customer LIMIT 1)
        UNION ALL
        SELECT later.customer, found.place + 1 FROM found, LATERAL (
          SELECT customer FROM history_events
          WHERE shard_id = ANY(${shardIds(workspaceId)}) AND customer > found.key ORDER BY customer LIMIT 1
        ) AS later
        WHERE starts_with(found.key, ${prefix}) AND found.place <= ${limit}::int
      ), linked AS (
        SELECT from_key AS key, to_key FROM identity_links
        WHERE workspace_id = ${workspaceId} AND from_key >= ${prefix} AND starts_with(from_key, ${prefix})
        ORDER BY from_key LIMIT ${limit}::int
      )
      SELECT key, max(linked_to) AS linked_to FROM (
        SELECT found.key, identity_links.to_key AS linked_to FROM found
          LEFT JOIN identity_links ON workspace_id = ${workspaceId} AND from_key = found.key
          WHERE starts_with(found.key, ${prefix})
        UNION ALL
        SELECT key, to_key FROM linked
      ) AS all_keys GROUP BY key ORDER BY key LIMIT ${limit}::int`,
  );
  return rows.map(({ key, linked_to }) => ({ key, linkedTo: linked_to }));
}
