import type { Threshold } from '@/prisma/client/client';
import type { MetricKey } from '@/server/observability';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace, workspacesWith } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import type { Comparison, Condition, Severity, ThresholdForm, ThresholdView } from './threshold.schema';

type Db = Pick<Deps, 'db'>;

/** More than this nobody can look after; creating another is refused. */
export const MOST_THRESHOLDS = 200;

/** A threshold as the evaluator needs it. */
export interface LiveThreshold extends Condition {
  id: string;
  name: string;
  severity: Severity;
  version: number;
}

export async function listThresholds({ db }: Db, workspaceId: string): Promise<ThresholdView[]> {
  return withWorkspace(db, workspaceId, async (tx) => {
    const rows = await tx.threshold.findMany({
      where: { workspaceId },
      orderBy: { createdAt: 'asc' },
      take: MOST_THRESHOLDS,
    });
    const names = await namesOf(
      tx,
      rows.map((row) => row.updatedById),
    );
    return rows.map((row) => ({
      ...formOf(row),
      id: row.id,
      version: row.version,
      updatedBy: names.get(row.updatedById) ?? 'set up with the workspace',
      updatedAt: row.updatedAt.getTime(),
    }));
  });
}

/** Of the workspaces, those in which there is something to judge, or something fires. */
export function workspacesWithThresholds({ db }: Db, workspaceIds: readonly string[]): Promise<Set<string>> {
  return workspacesWith(
    db,
    workspaceIds,
    `SELECT FROM thresholds WHERE workspace_id = $1 AND enabled
     UNION ALL SELECT FROM alert_firings WHERE workspace_id = $1 AND ended_at IS NULL`,
  );
}

export async function enabledThresholds({ db }: Db, workspaceId: string): Promise<LiveThreshold[]> {
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.threshold.findMany({ where: { workspaceId, enabled: true }, take: MOST_THRESHOLDS }),
  );
  return rows.map((row) => ({ ...formOf(row), id: row.id, version: row.version }));
}

export function countThresholds(tx: Transaction, workspaceId: string): Promise<number> {
  return tx.threshold.count({ where: { workspaceId } });
}

export async function insertThreshold(
  tx: Transaction,
  row: ThresholdForm & { id: string; workspaceId: string; updatedById: string },
): Promise<void> {
  await tx.threshold.create({ data: row });
}

/** @returns false when it is gone or no longer of this version */
export async function updateThreshold(
  tx: Transaction,
  key: { id: string; workspaceId: string; version: number },
  form: ThresholdForm,
  updatedById: string,
): Promise<boolean> {
  const { count } = await tx.threshold.updateMany({
    where: key,
    data: { ...form, updatedById, version: { increment: 1 } },
  });
  return count === 1;
}

export async function findThreshold(
  tx: Transaction,
  workspaceId: string,
  id: string,
): Promise<(ThresholdForm & { firings: number }) | null> {
  const row = await tx.threshold.findFirst({
    where: { id, workspaceId },
    include: { _count: { select: { firings: true } } },
  });
  return row && { ...formOf(row), firings: row._count.firings };
}

export async function deleteThreshold(tx: Transaction, workspaceId: string, id: string): Promise<boolean> {
  const { count } = await tx.threshold.deleteMany({ where: { id, workspaceId } });
  return count === 1;
}

/** Names of people by id, as far as they still exist. */
export async function namesOf(
  tx: Transaction,
  userIds: readonly (string | null)[],
): Promise<Map<string, string>> {
  const ids = [...new Set(userIds)].filter((id) => id !== null);
  if (ids.length === 0) return new Map();
  const users = await tx.user.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(users.map(({ id, name }) => [id, name]));
}

function formOf(row: Threshold): ThresholdForm {
  return {
    name: row.name,
    metric: row.metric as MetricKey,
    dimension: row.dimension,
    comparison: row.comparison as Comparison,
    value: row.value,
    holdSeconds: row.holdSeconds,
    severity: row.severity as Severity,
    enabled: row.enabled,
  };
}
