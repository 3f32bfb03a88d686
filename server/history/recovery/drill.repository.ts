import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

export type DrillResult = 'asked' | 'equal' | 'different' | 'failed';

export interface DrillOutcome {
  snapshotAt: Date | null;
  records: number;
  loadMs: number | null;
  replayMs: number | null;
  result: Exclude<DrillResult, 'asked'>;
  detail: string;
}

type Db = Pick<Deps, 'db'>;

export interface AskedDrill {
  id: string;
  shardId: number;
  partition: number;
}

export async function insertDrill(
  deps: Db,
  workspaceId: string,
  drill: AskedDrill & { askedAt: Date; askedById: string | null },
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.restoreDrill.create({ data: { workspaceId, ...drill } }),
  );
}

export async function askedDrills(deps: Db, workspaceId: string): Promise<AskedDrill[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.restoreDrill.findMany({
      where: { workspaceId, result: 'asked' },
      orderBy: { askedAt: 'asc' },
      take: 10,
      select: { id: true, shardId: true, partition: true },
    }),
  );
}

const KEPT_DRILLS = 500;

/** Writes down how a drill went, and forgets the oldest. */
export async function finishDrill(
  deps: Db,
  workspaceId: string,
  id: string,
  outcome: DrillOutcome,
  finishedAt: Date,
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.restoreDrill.updateMany({ where: { workspaceId, id }, data: { ...outcome, finishedAt } });
    const old = await tx.restoreDrill.findMany({
      where: { workspaceId },
      orderBy: { askedAt: 'desc' },
      skip: KEPT_DRILLS,
      take: 100,
      select: { id: true },
    });
    if (old.length > 0)
      await tx.restoreDrill.deleteMany({ where: { workspaceId, id: { in: old.map((row) => row.id) } } });
  });
}

export async function listDrills(deps: Db, workspaceId: string, limit: number) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.restoreDrill.findMany({ where: { workspaceId }, orderBy: { askedAt: 'desc' }, take: limit }),
  );
}
