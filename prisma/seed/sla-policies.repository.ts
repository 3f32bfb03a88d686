import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

/** How long a customer may wait in the agents' queue, in seconds, until a workspace says otherwise. */
const SECONDS_BY_REASON = { chat: 120, call: 120, rule: 300, cart: 600 } as const;

/** Adds the policies that are missing; what somebody set stays. */
export async function seedSlaPolicies(deps: Pick<Deps, 'db' | 'newId'>, workspaceId: string): Promise<void> {
  const data = Object.entries(SECONDS_BY_REASON).map(([reason, seconds]) => ({
    id: deps.newId('sla'),
    workspaceId,
    reason,
    seconds,
  }));
  await withWorkspace(deps.db, workspaceId, (tx) => tx.slaPolicy.createMany({ data, skipDuplicates: true }));
}
