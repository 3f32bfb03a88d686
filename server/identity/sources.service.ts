import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { bringConsents } from '@/server/privacy';
import { withAudit } from '@/server/privacy/audit.service';
import type { PersonActor } from './actor';
import type { CreateSource, SourceForm } from './key.schema';
import { findSource, hasSources, insertSource, sourcesOf, updateSource } from './keys.repository';
import { publishKeyChange, type SourceIdentity } from './keys.service';
import { newKey } from './secret-token';
import { shardsOf } from './workspaces.repository';

/** Who does it: a signed-in person, or null for the product itself at its first start. */
type Doer = Pick<PersonActor, 'workspaceId'> & { userId: string | null };

const doerOf = ({ userId }: Doer) =>
  userId === null
    ? ({ actorKind: 'system', actorId: 'seed' } as const)
    : ({ actorKind: 'person', actorId: userId } as const);

const GONE = 'There is no such source in use.';

export async function listSources(deps: Deps, workspaceId: string) {
  const rows = await sourcesOf(deps, workspaceId);
  return rows.map(({ id, name, platform, keyHint, eventsPerSec, createdAt, revokedAt, shard }) => ({
    id,
    name,
    platform,
    keyHint,
    eventsPerSec,
    region: shard.region,
    createdAt: createdAt.getTime(),
    revokedAt: revokedAt?.getTime() ?? null,
  }));
}

/**
 * Adds a source to the region it names, else to the workspace's first, and returns its write key, shown this once.
 * @throws Fault `bad_request` for a region the workspace does not have
 */
export async function createSource(
  deps: Deps,
  doer: Doer,
  { region, ...form }: CreateSource,
  key = newKey('mw_'),
): Promise<{ sourceId: string; writeKey: string }> {
  const { workspaceId } = doer;
  const { shardId, partitions } = await shardIn(deps, workspaceId, region);
  if (!(await hasSources(deps, workspaceId, shardId))) {
    await bringConsents(deps, workspaceId, { id: shardId, partitions });
  }
  const { hash, hint } = key;
  const sourceId = deps.newId('source');
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await insertSource(tx, {
      id: sourceId,
      workspaceId,
      shardId,
      ...form,
      keyHash: hash,
      keyHint: hint,
      createdById: doer.userId,
    });
    await audit({ ...doerOf(doer), action: 'source.created', subject: sourceId });
  });
  return { sourceId, writeKey: key.key };
}

/** What imported customers come from: nobody is shown its key. */
const IMPORTS = { name: 'Import of customers', platform: 'server', eventsPerSec: 50_000 } as const;

/**
 * The source of imports into a region, else into the workspace's first; added when there is none in use.
 * @throws Fault `bad_request` for a region the workspace does not have
 */
export async function importSource(
  deps: Deps,
  doer: Doer,
  region: string | undefined,
): Promise<{ sourceId: string }> {
  const { shardId } = await shardIn(deps, doer.workspaceId, region);
  const found = await findSource(deps, doer.workspaceId, { name: IMPORTS.name, shardId });
  return found ? { sourceId: found.id } : createSource(deps, doer, { ...IMPORTS, region });
}

/** A source of the workspace as the collector knows it; null when there is none in use with this id. */
export async function sourceInUse(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  id: string,
): Promise<SourceIdentity | null> {
  const found = await findSource(deps, workspaceId, { id });
  if (found === null) return null;
  const { name, shardId, platform, eventsPerSec, shard } = found;
  return { sourceId: id, name, workspaceId, shardId, ...shard, platform, eventsPerSec };
}

async function shardIn(deps: Deps, workspaceId: string, region: string | undefined) {
  const shards = await shardsOf(deps, workspaceId);
  const [first] = shards;
  if (first === undefined) throw new Fault('conflict', 'The workspace has no region yet.');
  const shard = region === undefined ? first : shards.find((known) => known.region === region);
  if (shard !== undefined) return shard;
  throw new Fault(
    'bad_request',
    `The workspace has no region ${region}: add it in the workspace's settings.`,
  );
}

/** @throws Fault `not_found` for a source of another workspace, or one that was revoked */
export async function changeSource(
  deps: Deps,
  actor: PersonActor,
  sourceId: string,
  form: SourceForm,
): Promise<void> {
  await change(deps, actor, sourceId, 'source.changed', form);
}

/** Gives a source a new write key, shown this once; the old one is refused within a second. */
export async function rotateSourceKey(
  deps: Deps,
  actor: PersonActor,
  sourceId: string,
): Promise<{ writeKey: string }> {
  const { key, hash, hint } = newKey('mw_');
  await change(deps, actor, sourceId, 'source.keyRotated', { keyHash: hash, keyHint: hint });
  return { writeKey: key };
}

/** Ends a source: its key is refused within a second. What it sent stays. */
export async function revokeSource(deps: Deps, actor: PersonActor, sourceId: string): Promise<void> {
  await change(deps, actor, sourceId, 'source.revoked', { revokedAt: new Date(deps.now()) });
}

async function change(
  deps: Deps,
  actor: PersonActor,
  sourceId: string,
  action: string,
  data: Parameters<typeof updateSource>[3],
): Promise<void> {
  const hash = await withAudit(deps, actor.workspaceId, async (tx, audit) => {
    const before = await updateSource(tx, actor.workspaceId, sourceId, data);
    if (before === null) throw new Fault('not_found', GONE);
    await audit({ ...doerOf(actor), action, subject: sourceId });
    return before;
  });
  await publishKeyChange(deps, hash);
}
