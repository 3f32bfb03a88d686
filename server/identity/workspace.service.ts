import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy/audit.service';
import type { PersonActor } from './actor';
import { settingsOfForm, type WorkspaceForm, workspaceSettingsSchema } from './workspace-settings.schema';
import { updateWorkspace, workspaceById } from './workspaces.repository';

/** Queue Redis channel that tells the stream side of changed definitions. */
const CONFIG_CHANNEL = 'config.changed';

export async function readWorkspace(deps: Deps, workspaceId: string) {
  const found = await workspaceById(deps, workspaceId);
  if (found === null) throw new Fault('not_found', 'The workspace is gone.');
  return {
    id: found.id,
    name: found.name,
    slug: found.slug,
    currency: found.currency,
    timeZone: found.timeZone,
    settings: workspaceSettingsSchema.parse(found.settings),
    regions: found.shards.map(({ region, partitions }) => ({ region, partitions })),
  };
}

/**
 * Changes name, currency, zone, gaps and lateness. Results that are final stay; the stream works with the new gaps
 * from then on.
 */
export async function changeWorkspace(deps: Deps, actor: PersonActor, form: WorkspaceForm): Promise<void> {
  const { name, currency, timeZone } = form;
  const settings = settingsOfForm(form);
  const { workspaceId, userId } = actor;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await updateWorkspace(tx, workspaceId, { name, currency, timeZone, settings });
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'workspace.changed',
      subject: workspaceId,
      details: { name, currency, timeZone, ...settings },
    });
  });
  await deps.queueRedis.publish(CONFIG_CHANNEL, JSON.stringify({ workspaceId, what: 'settings' }));
}
