import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from './audit.repository';
import type { DpiaContent, DpiaStatus } from './dpia.schema';

const WITH_ALL = {
  signatures: { orderBy: { signedAt: 'desc' }, take: 20 },
  useCases: { select: { id: true, title: true, stage: true } },
} as const satisfies Prisma.DpiaInclude;

type Row = Prisma.DpiaGetPayload<{ include: typeof WITH_ALL }>;
export type DpiaRow = Omit<Row, 'content' | 'status'> & { content: DpiaContent; status: DpiaStatus };

const rowOf = (row: Row): DpiaRow => ({
  ...row,
  content: row.content as unknown as DpiaContent,
  status: row.status as DpiaStatus,
});

export async function listDpias(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<DpiaRow[]> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.dpia.findMany({
      where: { workspaceId },
      include: WITH_ALL,
      orderBy: { updatedAt: 'desc' },
      take: 200,
    }),
  );
  return rows.map(rowOf);
}

export async function findDpia(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  id: string,
): Promise<DpiaRow | null> {
  return withWorkspace(deps.db, workspaceId, (tx) => dpiaIn(tx, workspaceId, id));
}

export async function dpiaIn(tx: Transaction, workspaceId: string, id: string): Promise<DpiaRow | null> {
  const row = await tx.dpia.findFirst({ where: { workspaceId, id }, include: WITH_ALL });
  return row === null ? null : rowOf(row);
}

export async function createDpia(tx: Transaction, data: Prisma.DpiaUncheckedCreateInput): Promise<void> {
  await tx.dpia.create({ data });
}

/** Moves a record on from the version that was read; false when someone else was faster. */
export async function updateDpia(
  tx: Transaction,
  key: { workspaceId: string; id: string; version: number },
  data: Prisma.DpiaUncheckedUpdateManyInput,
): Promise<boolean> {
  const { count } = await tx.dpia.updateMany({ where: key, data });
  return count === 1;
}

export async function createSignature(
  tx: Transaction,
  data: Prisma.DpiaSignatureUncheckedCreateInput,
): Promise<void> {
  await tx.dpiaSignature.create({ data });
}

/** Other people who may sign: the workspace's privacy officers without this one. */
export function otherOfficers(tx: Transaction, workspaceId: string, userId: string): Promise<number> {
  return tx.membership.count({ where: { workspaceId, role: 'privacy', userId: { not: userId } } });
}

/** Who changed the content last, by the audit. */
export async function lastEditor(tx: Transaction, workspaceId: string, id: string): Promise<string | null> {
  const entry = await tx.auditEntry.findFirst({
    where: { workspaceId, subject: id, action: { in: ['dpia.created', 'dpia.edited'] } },
    orderBy: { seq: 'desc' },
    select: { actorId: true },
  });
  return entry?.actorId ?? null;
}
