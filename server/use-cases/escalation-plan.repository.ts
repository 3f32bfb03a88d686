import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';
import type { Transaction } from '@/server/privacy';
import { CONTACT_CHANNELS } from './context-standing.schema';
import { DEFAULT_PLAN, type EscalationPlan, escalationStepsSchema } from './escalation.schema';

/** When waits are raised; what the workspace does not say is the default. */
export async function readPlan(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<EscalationPlan> {
  const rows = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.escalationPlan.findMany({ where: { workspaceId, channel: { in: [...CONTACT_CHANNELS] } } }),
  );
  const plan = { ...DEFAULT_PLAN };
  for (const channel of CONTACT_CHANNELS) {
    const kept = rows.find((row) => row.channel === channel);
    // Steps that a later release allows, and this one does not, must not stop the watch over the queue.
    const steps = escalationStepsSchema.safeParse(kept?.steps);
    if (steps.success) plan[channel] = steps.data;
  }
  return plan;
}

export async function writePlan(
  tx: Transaction,
  newId: Deps['newId'],
  workspaceId: string,
  plan: EscalationPlan,
): Promise<void> {
  for (const channel of CONTACT_CHANNELS) {
    await tx.escalationPlan.upsert({
      where: { workspaceId_channel: { workspaceId, channel } },
      create: { id: newId('esp'), workspaceId, channel, steps: plan[channel] },
      update: { steps: plan[channel] },
    });
  }
}
