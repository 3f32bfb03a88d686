import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import { DEFAULT_SLA, SLA_REASONS, type Sla } from './sla.schema';

export async function readSla(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<Sla> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.slaPolicy.findMany({ where: { workspaceId } }),
  );
  const sla = { ...DEFAULT_SLA };
  for (const { reason, seconds } of rows) {
    const known = SLA_REASONS.find((name) => name === reason);
    if (known) sla[known] = seconds;
  }
  return sla;
}

export async function writeSla(
  deps: Pick<Deps, 'db' | 'newId'>,
  workspaceId: string,
  sla: Sla,
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, async (tx) => {
    for (const reason of SLA_REASONS) {
      await tx.slaPolicy.upsert({
        where: { workspaceId_reason: { workspaceId, reason } },
        create: { id: deps.newId('sla'), workspaceId, reason, seconds: sla[reason] },
        update: { seconds: sla[reason] },
      });
    }
  });
}
