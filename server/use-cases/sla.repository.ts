import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import { DEFAULT_SLA, SLA_NAMES, type Sla } from './sla.schema';

/** Older releases had one limit for chats and calls. */
const BOTH = 'contact';

export async function readSla(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<Sla> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.slaPolicy.findMany({ where: { workspaceId } }),
  );
  const kept = new Map(rows.map(({ reason, seconds }) => [reason, seconds]));
  const both = kept.get(BOTH);
  const sla = { ...DEFAULT_SLA, ...(both === undefined ? {} : { chat: both, call: both }) };
  for (const name of SLA_NAMES) sla[name] = kept.get(name) ?? sla[name];
  return sla;
}

export async function writeSla(
  tx: Transaction,
  newId: Deps['newId'],
  workspaceId: string,
  sla: Sla,
): Promise<void> {
  for (const reason of SLA_NAMES) {
    await tx.slaPolicy.upsert({
      where: { workspaceId_reason: { workspaceId, reason } },
      create: { id: newId('sla'), workspaceId, reason, seconds: sla[reason] },
      update: { seconds: sla[reason] },
    });
  }
}
