import type { AlertFiring, Threshold } from '@/prisma/client/client';
import type { MetricKey } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import { namesOf } from './threshold.repository';
import type { Comparison, FiringView, Severity } from './threshold.schema';

type Db = Pick<Deps, 'db'>;

const MOST_OPEN = 200;

/** Firings that overlap a span: those that run now first, then the newest. */
export async function listFirings(
  { db }: Db,
  workspaceId: string,
  { from, to, limit }: { from: number; to: number; limit: number },
): Promise<FiringView[]> {
  return withWorkspace(db, workspaceId, async (tx) => {
    const rows = await tx.alertFiring.findMany({
      where: {
        workspaceId,
        startedAt: { lt: new Date(to) },
        OR: [{ endedAt: null }, { endedAt: { gte: new Date(from) } }],
      },
      include: { threshold: true },
      orderBy: [{ endedAt: { sort: 'desc', nulls: 'first' } }, { startedAt: 'desc' }],
      take: limit,
    });
    return withNames(tx, rows);
  });
}

/** Firings that have not ended, by threshold. */
export async function openFirings({ db }: Db, workspaceId: string) {
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.alertFiring.findMany({
      where: { workspaceId, endedAt: null },
      take: MOST_OPEN,
      orderBy: { startedAt: 'asc' },
    }),
  );
  return rows.map(({ id, thresholdId, startedAt }) => ({ id, thresholdId, startedAt: startedAt.getTime() }));
}

export interface NewFiring {
  id: string;
  thresholdId: string;
  thresholdVersion: number;
  value: number;
  /** ms */
  startedAt: number;
}

/** @returns false when the threshold is gone */
export async function insertFiring({ db }: Db, workspaceId: string, firing: NewFiring): Promise<boolean> {
  return withWorkspace(db, workspaceId, async (tx) => {
    const stands = await tx.threshold.count({ where: { id: firing.thresholdId, workspaceId } });
    if (stands === 0) return false;
    await tx.alertFiring.create({ data: { ...firing, workspaceId, startedAt: new Date(firing.startedAt) } });
    return true;
  });
}

export async function endFiring({ db }: Db, workspaceId: string, id: string, at: number): Promise<void> {
  await withWorkspace(db, workspaceId, (tx) =>
    tx.alertFiring.updateMany({ where: { id, workspaceId, endedAt: null }, data: { endedAt: new Date(at) } }),
  );
}

/** Notes who saw it first. @returns the firing, or null when there is none; `first` says whether this was the first time */
export async function acknowledgeFiring(
  tx: Transaction,
  workspaceId: string,
  id: string,
  by: { userId: string; at: number },
): Promise<{ firing: FiringView; first: boolean } | null> {
  const { count } = await tx.alertFiring.updateMany({
    where: { id, workspaceId, acknowledgedAt: null },
    data: { acknowledgedAt: new Date(by.at), acknowledgedById: by.userId },
  });
  const row = await tx.alertFiring.findFirst({ where: { id, workspaceId }, include: { threshold: true } });
  if (!row) return null;
  const [firing] = await withNames(tx, [row]);
  return firing ? { firing, first: count === 1 } : null;
}

async function withNames(
  tx: Transaction,
  rows: (AlertFiring & { threshold: Threshold })[],
): Promise<FiringView[]> {
  const names = await namesOf(
    tx,
    rows.map((row) => row.acknowledgedById),
  );
  return rows.map((row) => ({
    id: row.id,
    thresholdId: row.thresholdId,
    thresholdVersion: row.thresholdVersion,
    name: row.threshold.name,
    metric: row.threshold.metric as MetricKey,
    dimension: row.threshold.dimension,
    comparison: row.threshold.comparison as Comparison,
    threshold: row.threshold.value,
    severity: row.threshold.severity as Severity,
    value: row.value,
    startedAt: row.startedAt.getTime(),
    endedAt: row.endedAt?.getTime() ?? null,
    acknowledgedAt: row.acknowledgedAt?.getTime() ?? null,
    acknowledgedBy: row.acknowledgedById ? (names.get(row.acknowledgedById) ?? 'someone who has left') : null,
  }));
}
