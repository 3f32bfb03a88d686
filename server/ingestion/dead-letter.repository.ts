import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

type Db = Pick<Deps, 'db'>;

export interface DeadLetterPlace {
  shardId: number;
  position: string;
}

export interface DeadLetterQuery {
  reason?: string | undefined;
  sourceId?: string | undefined;
  take: number;
  after?: (DeadLetterPlace & { receivedAt: Date }) | undefined;
}

/** Newest first; whether there is something to open, but not the sealed bytes themselves. */
export function listDeadLetters(
  { db }: Db,
  workspaceId: string,
  { reason, sourceId, take, after }: DeadLetterQuery,
) {
  return withWorkspace(db, workspaceId, async (tx) => {
    const rows = await tx.deadLetter.findMany({
      where: {
        workspaceId,
        reason,
        sourceId,
        ...(after && {
          OR: [
            { receivedAt: { lt: after.receivedAt } },
            { receivedAt: after.receivedAt, shardId: { lt: after.shardId } },
            { receivedAt: after.receivedAt, shardId: after.shardId, position: { lt: after.position } },
          ],
        }),
      },
      omit: { sealed: true },
      orderBy: [{ receivedAt: 'desc' }, { shardId: 'desc' }, { position: 'desc' }],
      take,
    });
    const sealed = await tx.deadLetter.findMany({
      where: {
        workspaceId,
        sealed: { not: null },
        OR: rows.map(({ shardId, position }) => ({ shardId, position })),
      },
      select: { shardId: true, position: true },
    });
    const openable = new Set(sealed.map(({ shardId, position }) => `${shardId}:${position}`));
    return rows.map((row) => ({ ...row, replayable: openable.has(`${row.shardId}:${row.position}`) }));
  });
}

/** One dead letter with its sealed bytes, and the source it came by. */
export function findDeadLetter({ db }: Db, workspaceId: string, place: DeadLetterPlace) {
  return withWorkspace(db, workspaceId, async (tx) => {
    const letter = await tx.deadLetter.findFirst({ where: { workspaceId, ...place } });
    if (letter === null) return null;
    const source = await tx.source.findFirst({
      where: { id: letter.sourceId, workspaceId },
      include: { shard: true },
    });
    return { letter, source };
  });
}

export function markReplayed({ db }: Db, workspaceId: string, place: DeadLetterPlace, at: Date) {
  return withWorkspace(db, workspaceId, (tx) =>
    tx.deadLetter.updateMany({ where: { workspaceId, ...place }, data: { replayedAt: at } }),
  );
}

/** How many stand here by reason, of those received since a time and not replayed. */
export function countByReason({ db }: Db, workspaceId: string, since: Date) {
  return withWorkspace(db, workspaceId, async (tx) => {
    const groups = await tx.deadLetter.groupBy({
      by: ['reason'],
      where: { workspaceId, receivedAt: { gte: since }, replayedAt: null },
      _count: true,
    });
    return groups.map(({ reason, _count }) => ({ reason, count: _count }));
  });
}
