import { Prisma } from '@/prisma/client/client';
import type { TakenMessage } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { LogPlace } from './archived-log.repository';

const PAGE = 10_000;

interface IdRow extends TakenMessage {
  position: string;
}

/** What repeats of a partition's events logged since then (ms), in pages. */
export async function* archivedIds(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId, partition }: LogPlace,
  since: number,
): AsyncGenerator<IdRow[]> {
  const from = Math.max(0, since);
  let after = String(from).padStart(13, '0');
  for (;;) {
    const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
      tx.$queryRaw<IdRow[]>(Prisma.sql`
        SELECT position, source_id AS "sourceId", message_id AS "messageId",
          repeat_key AS "repeatKey"
        FROM history_events
        WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ${partition}
          AND logged_at >= ${new Date(from)} AND position > ${after}
        ORDER BY position LIMIT ${PAGE}`),
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.position;
  }
}
