import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** What a workspace chose about its keyed state; null: the installation's default, or never. */
export interface StatePolicy {
  snapshotIntervalMs: number | null;
  inactiveDays: number | null;
  cooldownDays: number | null;
}

const NOTHING: StatePolicy = { snapshotIntervalMs: null, inactiveDays: null, cooldownDays: null };

export function readStatePolicy(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<StatePolicy> {
  return withWorkspace(deps.db, workspaceId, (tx) => policyIn(tx, workspaceId));
}

export async function policyIn(tx: Prisma.TransactionClient, workspaceId: string): Promise<StatePolicy> {
  const row = await tx.statePolicy.findUnique({ where: { workspaceId } });
  if (row === null) return NOTHING;
  const { snapshotIntervalMs, inactiveDays, cooldownDays } = row;
  return { snapshotIntervalMs, inactiveDays, cooldownDays };
}

/** Changes a part of the policy; the rest stays. */
export async function changePolicy(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  change: Partial<StatePolicy>,
): Promise<void> {
  await tx.statePolicy.upsert({ where: { workspaceId }, create: { workspaceId, ...change }, update: change });
}
