import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

export interface SnapshotRow {
  object: string;
  shardId: number;
  partition: number;
  takenAt: Date;
  offset: string;
  customers: number;
  rawBytes: number;
  storedBytes: number;
  readMs: number;
  totalMs: number;
  store: string;
}

type Db = Pick<Deps, 'db'>;

export async function insertSnapshot(deps: Db, workspaceId: string, row: SnapshotRow): Promise<void> {
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateSnapshot.create({ data: { workspaceId, ...row } }),
  );
}

/** Objects of one partition beyond the newest `keep`. */
export async function supersededSnapshots(
  deps: Db,
  workspaceId: string,
  place: { shardId: number; partition: number },
  keep: number,
): Promise<string[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateSnapshot.findMany({
      where: { workspaceId, ...place, droppedAt: null },
      orderBy: { takenAt: 'desc' },
      skip: keep,
      take: 100,
      select: { object: true },
    }),
  );
  return rows.map(({ object }) => object);
}

export async function markDropped(
  deps: Db,
  workspaceId: string,
  objects: readonly string[],
  at: Date,
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateSnapshot.updateMany({
      where: { workspaceId, object: { in: [...objects] } },
      data: { droppedAt: at },
    }),
  );
}

/** Forgets measurements of snapshots that were dropped before. */
export async function forgetDropped(deps: Db, workspaceId: string, before: Date): Promise<number> {
  const { count } = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateSnapshot.deleteMany({ where: { workspaceId, droppedAt: { lt: before } } }),
  );
  return count;
}

/** The newest kept snapshot of every partition of a workspace. */
export async function newestSnapshots(deps: Db, workspaceId: string): Promise<SnapshotRow[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$queryRaw<SnapshotRow[]>(Prisma.sql`
      SELECT DISTINCT ON (shard_id, partition) object, shard_id AS "shardId", partition, taken_at AS "takenAt",
        "offset", customers, raw_bytes AS "rawBytes", stored_bytes AS "storedBytes", read_ms AS "readMs",
        total_ms AS "totalMs", store
      FROM state_snapshots WHERE workspace_id = ${workspaceId} AND dropped_at IS NULL
      ORDER BY shard_id, partition, taken_at DESC LIMIT 10000`),
  );
}

/** Figures of the snapshots taken since then. */
export interface SnapshotFigures {
  count: number;
  readMs: number;
  totalMs: number;
  rawBytes: number;
  storedBytes: number;
  worstReadMs: number;
  /** when the first of them was taken; null: there is none */
  firstAt: Date | null;
}

export async function snapshotFigures(deps: Db, workspaceId: string, since: Date): Promise<SnapshotFigures> {
  const [row] = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.$queryRaw<SnapshotFigures[]>(Prisma.sql`
      SELECT count(*)::float8 AS count, coalesce(sum(read_ms), 0) AS "readMs", coalesce(sum(total_ms), 0) AS "totalMs",
        coalesce(sum(raw_bytes), 0) AS "rawBytes", coalesce(sum(stored_bytes), 0) AS "storedBytes",
        coalesce(max(read_ms), 0) AS "worstReadMs", min(taken_at) AS "firstAt"
      FROM state_snapshots WHERE workspace_id = ${workspaceId} AND taken_at >= ${since}`),
  );
  return (
    row ?? { count: 0, readMs: 0, totalMs: 0, rawBytes: 0, storedBytes: 0, worstReadMs: 0, firstAt: null }
  );
}
