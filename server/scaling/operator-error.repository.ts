import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { OperatorError } from './streams.schema';

/** What the processors threw at is a dead letter of this reason; its detail names the operator. */
const THROWN = 'processor';
const MOST = 20;

/** Records that an operator could not take, newest first: of the collector those it refused. */
export async function readOperatorErrors(
  { db }: Pick<Deps, 'db'>,
  workspaceId: string,
  operator: string,
): Promise<OperatorError[]> {
  const which =
    operator === 'collector'
      ? { reason: { not: THROWN } }
      : { reason: THROWN, detail: { contains: ` in ${operator};` } };
  const rows = await withWorkspace(db, workspaceId, (tx) =>
    tx.deadLetter.findMany({
      where: { workspaceId, ...which },
      select: {
        shardId: true,
        position: true,
        reason: true,
        detail: true,
        messageId: true,
        receivedAt: true,
      },
      orderBy: { receivedAt: 'desc' },
      take: MOST,
    }),
  );
  return rows.map(({ shardId, position, receivedAt, ...row }) => ({
    ...row,
    id: `${shardId}:${position}`,
    at: receivedAt.getTime(),
  }));
}
