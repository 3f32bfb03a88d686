import { Prisma } from '@/prisma/client/client';
import type { TakenMessage } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { entryTime } from '@/server/scaling';
import type { LogPlace } from './archived-log.repository';
import { readColumns } from './column-page.repository';

const PAGE = 20_000;

type IdColumns = TakenMessage & { position: string };

const ID_COLUMNS: Record<keyof IdColumns, string> = {
  position: 'position',
  sourceId: 'source_id',
  messageId: 'message_id',
  repeatKey: 'repeat_key',
};

/** What repeats of a partition's events logged since then (ms) and up to the millisecond of an entry, in pages. */
export async function* archivedIds(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId, partition }: LogPlace,
  since: number,
  upTo: string,
): AsyncGenerator<TakenMessage[]> {
  const from = new Date(Math.max(0, since));
  const end = new Date(entryTime(upTo));
  let after = String(from.getTime()).padStart(13, '0');
  for (;;) {
    const columns = await withWorkspace(deps.db, workspaceId, (tx) =>
      readColumns<IdColumns>(
        tx,
        ID_COLUMNS,
        Prisma.sql`(SELECT * FROM history_events
          WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND partition = ${partition}
            AND logged_at BETWEEN ${from} AND ${end} AND position > ${after}
          ORDER BY position LIMIT ${PAGE}) AS page`,
      ),
    );
    const { position, sourceId, messageId, repeatKey } = columns;
    yield position.map((_, row) => ({
      sourceId: sourceId[row] as string,
      messageId: messageId[row] as string,
      repeatKey: repeatKey[row] as string | null,
    }));
    const last = position.at(-1);
    if (last === undefined || position.length < PAGE) return;
    after = last;
  }
}
