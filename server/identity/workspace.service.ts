import { CONFIG_CHANNEL } from '@/server/core/config-channel';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy/audit.service';
import type { PersonActor } from './actor';
import {
  type AddRegion,
  settingsOfForm,
  type WorkspaceForm,
  workspaceSettingsSchema,
} from './workspace-settings.schema';
import { insertShard, shardsOf, updateWorkspace, workspaceById } from './workspaces.repository';

/** Each is read, watched and told of apart. */
const MAX_REGIONS = 16;

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
  const { workspaceId, userId } = actor;
  const before = await readWorkspace(deps, workspaceId);
  const settings = settingsOfForm(form, before.settings);
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

/**
 * Adds a region for sources to name, with as many partitions as the others have. Nothing goes there by itself, and what
 * was sent to another region stays there.
 * @throws Fault `conflict` when the workspace has it already, or as many as it may have
 */
export async function addRegion(deps: Deps, actor: PersonActor, { region }: AddRegion): Promise<void> {
  const { workspaceId, userId } = actor;
  const shards = await shardsOf(deps, workspaceId);
  const [first] = shards;
  if (first === undefined) throw new Fault('not_found', 'The workspace is gone.');
  if (shards.some((shard) => shard.region === region)) {
    throw new Fault('conflict', `The workspace has the region ${region} already.`);
  }
  if (shards.length >= MAX_REGIONS) {
    throw new Fault('conflict', `A workspace may have ${MAX_REGIONS} regions.`);
  }
  const { partitions } = first;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await insertShard(tx, workspaceId, { region, partitions });
    await audit({
      actorKind: 'person',
      actorId: userId,
      action: 'workspace.regionAdded',
      subject: workspaceId,
      details: { region, partitions },
    });
  });
  await deps.queueRedis.publish(CONFIG_CHANNEL, JSON.stringify({ workspaceId, what: 'settings' }));
}
