import { isInstant } from '@/server/core/calendar';
import { Fault } from '@/server/core/fault';
import { FOREIGN_CURSOR } from '@/server/core/page.schema';
import { maskKey } from '@/server/features';
import type { PersonActor } from '@/server/identity/actor';
import type { Deps } from '@/server/platform/deps';
import { withAudit, writeAudit } from '@/server/privacy';
import type { ContactChannel } from './context-standing.schema';
import { listEscalations } from './escalation.repository';
import type { EscalationFilter, EscalationPlan, EscalationView } from './escalation.schema';
import { writePlan } from './escalation-plan.repository';
import type { EscalationTarget } from './escalation-step.schema';
import { namesOf } from './queue-claim.repository';
import { waitChanges } from './queue-feed.connector';

type Person = Pick<PersonActor, 'workspaceId' | 'userId'>;

/** Sets when waits are raised and to whom; on record, like every change. It holds for those who wait now, too. */
export async function setPlan(
  deps: Deps,
  { workspaceId, userId }: Person,
  plan: EscalationPlan,
): Promise<void> {
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await writePlan(tx, deps.newId, workspaceId, plan);
    await audit({ actorKind: 'person', actorId: userId, action: 'sla.escalationsChanged', details: plan });
  });
  await waitChanges.raise(deps.queueRedis, workspaceId);
}

/**
 * A page of what was escalated, newest first. Who looks is on record before anything is shown.
 * @throws Fault `bad_request` for a cursor of another list
 */
export async function escalationPage(
  deps: Deps,
  { workspaceId, userId }: Person,
  { channel, open, limit, cursor }: EscalationFilter,
): Promise<{ items: EscalationView[]; cursor: string | null }> {
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const rows = await listEscalations(deps, workspaceId, { channel, open, after, take: limit + 1 });
  const shown = rows.slice(0, limit);
  const names = await namesOf(deps, [...new Set(shown.flatMap(({ takenById }) => takenById ?? []))]);
  await writeAudit(deps, {
    workspaceId,
    actorKind: 'person',
    actorId: userId,
    action: 'escalations.listed',
    subject: workspaceId,
    details: { channel: channel ?? 'all', open, escalations: shown.length },
  });
  const items = shown.map((row): EscalationView => {
    const label = maskKey(row.customer);
    return {
      id: row.id,
      customer: label === row.customer ? row.customer : null,
      label,
      channel: row.channel as ContactChannel,
      percent: row.percent,
      to: row.raisedTo as EscalationTarget,
      waitedSince: row.waitedSince.getTime(),
      dueAt: row.dueAt.getTime(),
      raisedAt: row.raisedAt.getTime(),
      takenAt: row.takenAt?.getTime() ?? null,
      takenBy: row.takenById && (names.get(row.takenById) ?? 'a former colleague'),
      leftAt: row.leftAt?.getTime() ?? null,
    };
  });
  const last = items.at(-1);
  return { items, cursor: rows.length > limit && last ? `${last.raisedAt}~${last.id}` : null };
}

function readCursor(cursor: string): { raisedAt: Date; id: string } {
  const cut = cursor.indexOf('~');
  const at = Number(cursor.slice(0, cut));
  const id = cursor.slice(cut + 1);
  if (cut < 1 || !isInstant(at) || !/^[\w-]{1,100}$/.test(id)) {
    throw new Fault('bad_request', 'This cursor is not one of ours.', {
      fields: [{ field: 'cursor', reason: FOREIGN_CURSOR }],
    });
  }
  return { raisedAt: new Date(at), id };
}
