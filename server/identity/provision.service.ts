import { hashPassword, verifyPassword } from 'better-auth/crypto';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy/audit.service';
import { apiKeyOwner, sourceKeyOwner } from './keys.repository';
import { insertMembership, insertPerson, personByEmail, replacePassword } from './people.repository';
import type { Role } from './policy';
import { hashToken } from './secret-token';
import { workspaceSettingsSchema } from './workspace-settings.schema';
import { insertWorkspace, partitionCounts, workspaceBySlug } from './workspaces.repository';

export interface WantedWorkspace {
  name: string;
  slug: string;
  currency: string;
  timeZone: string;
  region: string;
  partitions: number;
}

/** The workspace of this slug, made with one shard when it is not there. */
export async function ensureWorkspace(deps: Deps, wanted: WantedWorkspace): Promise<string> {
  const known = await workspaceBySlug(deps, wanted.slug);
  if (known !== null) return known.id;
  const id = deps.newId('ws');
  const { region, partitions, ...data } = wanted;
  const settings = workspaceSettingsSchema.parse({});
  await withAudit(deps, id, async (tx, audit) => {
    await insertWorkspace(tx, { id, ...data, settings, shards: [{ region, partitions }] });
    await audit({ actorKind: 'system', actorId: 'seed', action: 'workspace.setUp', subject: id });
  });
  return id;
}

/** A person of this address with this password and role in the workspace, made or mended as needed. */
export async function ensurePerson(
  deps: Deps,
  workspaceId: string,
  wanted: { name: string; email: string; password: string; role: Role },
): Promise<string> {
  const known = await personByEmail(deps, wanted.email);
  if (known !== null) {
    const { passwordHash: hash, userId } = known;
    if (hash !== null && (await verifyPassword({ hash, password: wanted.password }))) return userId;
    const passwordHash = await hashPassword(wanted.password);
    await withAudit(deps, workspaceId, async (tx, audit) => {
      await replacePassword(tx, userId, passwordHash);
      await audit({ actorKind: 'system', actorId: 'seed', action: 'password.reset', subject: userId });
    });
    return userId;
  }
  const { password, ...person } = wanted;
  return addPerson(deps, workspaceId, { ...person, passwordHash: await hashPassword(password) });
}

/** A person new to the product, in a workspace. @returns their id */
export async function addPerson(
  deps: Deps,
  workspaceId: string,
  { name, email, passwordHash, role }: { name: string; email: string; passwordHash: string; role: Role },
): Promise<string> {
  const userId = deps.newId('user');
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await insertPerson(tx, { userId, accountId: deps.newId('account'), name, email, passwordHash });
    await insertMembership(tx, { id: deps.newId('member'), workspaceId, userId, role });
    await audit({
      actorKind: 'system',
      actorId: 'seed',
      action: 'person.joined',
      subject: userId,
      details: { role },
    });
  });
  return userId;
}

/** What a kept key is to this workspace: in use, not known (it may be made again), or taken by something else. */
export type KeptKeyState = 'works' | 'free' | 'taken';

export async function writeKeyState(deps: Deps, workspaceId: string, key: string): Promise<KeptKeyState> {
  return stateOf(await sourceKeyOwner(deps, hashToken(key)), workspaceId);
}

export async function apiKeyState(deps: Deps, workspaceId: string, key: string): Promise<KeptKeyState> {
  return stateOf(await apiKeyOwner(deps, hashToken(key)), workspaceId);
}

function stateOf(
  owner: { workspaceId: string; revokedAt: Date | null } | null,
  workspaceId: string,
): KeptKeyState {
  if (owner === null) return 'free';
  return owner.workspaceId === workspaceId && owner.revokedAt === null ? 'works' : 'taken';
}

/**
 * What is wrong with a setting of `PARTITIONS` that differs from the number the shards were made with, and the way out;
 * null when all is well.
 */
export async function partitionsProblem(deps: Deps, partitions: number): Promise<string | null> {
  const made = (await partitionCounts(deps)).find((count) => count !== partitions);
  if (made === undefined) return null;
  return (
    `PARTITIONS is ${partitions}, but this installation was started with ${made} and the number is fixed at the ` +
    `first start: set PARTITIONS=${made}; to migrate, start with another MILLRACE_DATA (and databases) and ` +
    `PARTITIONS=${partitions}, and send the history there with npm run replay.`
  );
}
