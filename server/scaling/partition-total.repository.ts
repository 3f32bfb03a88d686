import { countKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

type Shard = { workspaceId: string; shardId: number; partitions: number };

/** Totals are kept for this long, ms: a week of days to compare. */
const KEPT_MS = 8 * 86_400_000;

/** Customer events that ever came to each partition of a shard; the index is the partition. */
export async function readTotals(
  { logRedis }: Pick<Deps, 'logRedis'>,
  { shardId, partitions }: Shard,
): Promise<bigint[]> {
  const pipeline = logRedis.pipeline();
  for (let partition = 0; partition < partitions; partition += 1) pipeline.get(countKey(shardId, partition));
  const answers = (await pipeline.exec()) ?? [];
  return answers.map(([error, value]) => {
    if (error) throw error;
    return BigInt((value as string | null) ?? 0);
  });
}

/** Keeps the totals of one moment, and lets those go that are too old. */
export async function writeTotals(
  { db }: Pick<Deps, 'db'>,
  { workspaceId, shardId }: Shard,
  at: number,
  totals: bigint[],
): Promise<void> {
  await withWorkspace(db, workspaceId, async (tx) => {
    await tx.partitionTotal.createMany({
      data: [{ workspaceId, shardId, at: new Date(at), totals }],
      skipDuplicates: true,
    });
    await tx.partitionTotal.deleteMany({
      where: { workspaceId, shardId, at: { lt: new Date(at - KEPT_MS) } },
    });
  });
}

export interface TotalsAt {
  /** ms */
  at: number;
  totals: readonly bigint[];
}

/** The first totals at or after a moment, and the newest: what lies between came in that time. */
export async function totalsSince(
  { db }: Pick<Deps, 'db'>,
  { workspaceId, shardId }: Pick<Shard, 'workspaceId' | 'shardId'>,
  since: number,
): Promise<{ first: TotalsAt; last: TotalsAt } | null> {
  const [first, last] = await withWorkspace(db, workspaceId, (tx) => {
    const where = { workspaceId, shardId, at: { gte: new Date(since) } };
    return Promise.all([
      tx.partitionTotal.findFirst({ where, orderBy: { at: 'asc' } }),
      tx.partitionTotal.findFirst({ where, orderBy: { at: 'desc' } }),
    ]);
  });
  if (!first || !last) return null;
  const of = ({ at, totals }: { at: Date; totals: bigint[] }) => ({ at: at.getTime(), totals });
  return { first: of(first), last: of(last) };
}
