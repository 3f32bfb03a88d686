import { Prisma } from '@/prisma/client/client';
import type { JsonObject } from '@/server/core/json';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { standingOf } from '@/server/processors';

/** Partition → key that moved away from it → clock as of which its facts had been published there, ms. */
export type Moves = ReadonlyMap<number, ReadonlyMap<string, number>>;

const PAGE = 2_000;

interface Row {
  key: string;
  source: number;
  state: JsonObject;
  partition: number;
  position: string;
}

/** Every history that moved between partitions of a shard, as its target received it. */
export async function archivedMoves(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId }: { workspaceId: string; shardId: number },
): Promise<Moves> {
  const moves = new Map<number, Map<string, number>>();
  let after = { partition: -1, position: '' };
  for (;;) {
    const rows = await readPage(deps, workspaceId, shardId, after);
    for (const { key, source, state } of rows) {
      const keys = moves.get(source) ?? new Map<string, number>();
      moves.set(source, keys.set(key, standingOf(state).publishedAt));
    }
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return moves;
    after = last;
  }
}

function readPage(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  shardId: number,
  after: { partition: number; position: string },
): Promise<Row[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$queryRaw<Row[]>(Prisma.sql`
      SELECT record->>'from' AS key, (record->'origin'->>'partition')::int AS source, record->'state' AS state,
        partition, position
      FROM history_records
      WHERE workspace_id = ${workspaceId} AND shard_id = ${shardId} AND record->>'k' = 't'
        AND record->'state' IS NOT NULL AND (partition, position) > (${after.partition}, ${after.position})
      ORDER BY partition, position LIMIT ${PAGE}`),
  );
}
