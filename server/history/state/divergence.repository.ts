import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { SweepProgress } from './sweep-progress.repository';

type Db = Pick<Deps, 'db'>;

export interface Divergence {
  customer: string;
  shardId: number;
  partition: number;
  parts: string[];
}

/** Notes a value that is not what its events make it; seen again, it keeps the time it was found first. */
export async function noteDivergence(
  deps: Db,
  workspaceId: string,
  found: Divergence,
  at: Date,
): Promise<void> {
  const { customer, shardId, partition, parts } = found;
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    const where = { workspaceId_customer: { workspaceId, customer } };
    const held = await tx.stateDivergence.findUnique({ where });
    const foundAt = held === null || held.endedAt !== null ? at : held.foundAt;
    const data = { shardId, partition, parts, foundAt, seenAt: at, endedAt: null };
    await tx.stateDivergence.upsert({ where, create: { workspaceId, customer, ...data }, update: data });
  });
}

/** Customers were seen to be right: what was noted of them is over. */
export async function endDivergences(
  deps: Db,
  workspaceId: string,
  customers: readonly string[],
  at: Date,
): Promise<number> {
  const { count } = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateDivergence.updateMany({
      where: { workspaceId, customer: { in: [...customers] }, endedAt: null },
      data: { endedAt: at },
    }),
  );
  return count;
}

export async function openDivergences(deps: Db, workspaceId: string): Promise<number> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateDivergence.count({ where: { workspaceId, endedAt: null } }),
  );
}

export async function listDivergences(deps: Db, workspaceId: string, limit: number) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateDivergence.findMany({
      where: { workspaceId },
      orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { foundAt: 'desc' }],
      take: limit,
    }),
  );
}

const KEPT_SWEEPS = 200;

/** Writes down a sweep that ended, and forgets the oldest. */
export async function noteSweep(deps: Db, workspaceId: string, sweep: SweepProgress): Promise<void> {
  const { id, checked, divergent, skipped } = sweep;
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.stateSweep.create({
      data: {
        id,
        workspaceId,
        startedAt: new Date(sweep.startedAt),
        finishedAt: sweep.finishedAt === null ? null : new Date(sweep.finishedAt),
        checked,
        divergent,
        skipped,
        oldestAt: sweep.oldestAt === null ? null : new Date(sweep.oldestAt),
      },
    });
    const old = await tx.stateSweep.findMany({
      where: { workspaceId },
      orderBy: { startedAt: 'desc' },
      skip: KEPT_SWEEPS,
      take: 100,
      select: { id: true },
    });
    if (old.length > 0) await tx.stateSweep.deleteMany({ where: { id: { in: old.map((row) => row.id) } } });
  });
}

export async function lastSweeps(deps: Db, workspaceId: string, limit: number) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateSweep.findMany({ where: { workspaceId }, orderBy: { startedAt: 'desc' }, take: limit }),
  );
}
