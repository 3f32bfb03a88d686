import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** Customer → entry of the partition's log after which its state begins anew. */
export type Evictions = ReadonlyMap<string, string>;

export async function evictionsOf(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  customers: readonly string[],
): Promise<Evictions> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateEviction.findMany({
      where: { workspaceId, customer: { in: [...customers] } },
      select: { customer: true, offset: true },
    }),
  );
  return new Map(rows.map(({ customer, offset }) => [customer, offset]));
}

export interface Eviction {
  customer: string;
  shardId: number;
  partition: number;
  offset: string;
}

/** Notes customers that are about to leave; one that left before begins at the newer place. */
export async function noteEvictions(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  evictions: readonly Eviction[],
  evictedAt: Date,
): Promise<void> {
  if (evictions.length === 0) return;
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    await tx.stateEviction.deleteMany({
      where: { workspaceId, customer: { in: evictions.map(({ customer }) => customer) } },
    });
    await tx.stateEviction.createMany({
      data: evictions.map((eviction) => ({ workspaceId, ...eviction, evictedAt })),
    });
  });
}

/** Takes back what was noted of customers that stayed after all. */
export async function forgetEvictions(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  customers: readonly string[],
): Promise<void> {
  if (customers.length === 0) return;
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateEviction.deleteMany({ where: { workspaceId, customer: { in: [...customers] } } }),
  );
}

/** Evictions in a partition since then, in the order of its log, for a replay that begins before them. */
export async function evictionsSince(
  deps: Pick<Deps, 'db'>,
  { workspaceId, shardId, partition }: { workspaceId: string; shardId: number; partition: number },
  since: Date,
): Promise<Eviction[]> {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.stateEviction.findMany({
      where: { workspaceId, shardId, partition, evictedAt: { gte: since } },
      select: { customer: true, shardId: true, partition: true, offset: true },
      take: 1_000_000,
    }),
  );
}
