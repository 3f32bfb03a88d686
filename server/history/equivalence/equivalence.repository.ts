import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { ComparedPartition, EquivalenceReport, Verdict } from './equivalence.schema';

type Db = Pick<Deps, 'db'>;

/** Newest reports of a workspace that stay. */
const KEPT = 100;

/** Keeps a report, and forgets the oldest. */
export async function keepReport(deps: Db, workspaceId: string, report: EquivalenceReport): Promise<void> {
  const { madeAt, partitions, ...rest } = report;
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.equivalenceReport.create({
      data: {
        workspaceId,
        ...rest,
        madeAt: new Date(madeAt),
        partitions: partitions as unknown as Prisma.InputJsonValue,
      },
    });
    const old = await tx.equivalenceReport.findMany({
      where: { workspaceId },
      orderBy: { madeAt: 'desc' },
      skip: KEPT,
      take: KEPT,
      select: { id: true },
    });
    if (old.length > 0)
      await tx.equivalenceReport.deleteMany({ where: { id: { in: old.map(({ id }) => id) } } });
  });
}

/** The newest first. */
export async function listReports(
  deps: Db,
  workspaceId: string,
  limit: number,
): Promise<EquivalenceReport[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.equivalenceReport.findMany({ where: { workspaceId }, orderBy: { madeAt: 'desc' }, take: limit }),
  );
  return rows.map(({ workspaceId: _, madeAt, verdict, partitions, ...rest }) => ({
    ...rest,
    madeAt: madeAt.getTime(),
    verdict: verdict as Verdict,
    partitions: partitions as unknown as ComparedPartition[],
  }));
}
