import { DAY_MS } from '@/server/core/durations';
import { Fault } from '@/server/core/fault';
import type { Deps } from '@/server/platform/deps';
import { withAudit } from '@/server/privacy/audit.service';
import type { PersonActor } from './actor';
import type { CreateApiKey } from './key.schema';
import { apiKeysOf, insertApiKey, revokeApiKeyRow } from './keys.repository';
import { publishKeyChange } from './keys.service';
import { newKey } from './secret-token';

export async function listApiKeys(deps: Deps, workspaceId: string) {
  const rows = await apiKeysOf(deps, workspaceId);
  return rows.map(({ id, name, keyHint, scopes, createdAt, lastUsedAt, expiresAt, revokedAt }) => ({
    id,
    name,
    keyHint,
    scopes,
    createdAt: createdAt.getTime(),
    lastUsedAt: lastUsedAt?.getTime() ?? null,
    expiresAt: expiresAt?.getTime() ?? null,
    revokedAt: revokedAt?.getTime() ?? null,
  }));
}

/** Adds a key for programs and returns it, shown this once. */
export async function createApiKey(
  deps: Deps,
  doer: Pick<PersonActor, 'workspaceId'> & { userId: string | null },
  { name, scopes, expiresInDays }: CreateApiKey,
  key = newKey('mk_'),
): Promise<{ keyId: string; apiKey: string }> {
  const { hash, hint } = key;
  const keyId = deps.newId('key');
  const { workspaceId, userId } = doer;
  await withAudit(deps, workspaceId, async (tx, audit) => {
    await insertApiKey(tx, {
      id: keyId,
      workspaceId,
      name,
      scopes,
      keyHash: hash,
      keyHint: hint,
      createdById: userId,
      expiresAt: expiresInDays === null ? null : new Date(deps.now() + expiresInDays * DAY_MS),
    });
    await audit({
      actorKind: userId === null ? 'system' : 'person',
      actorId: userId ?? 'seed',
      action: 'apiKey.created',
      subject: keyId,
      details: { scopes },
    });
  });
  return { keyId, apiKey: key.key };
}

/**
 * Ends a key: it is refused within a second.
 * @throws Fault `not_found` for a key of another workspace, or one that was revoked
 */
export async function revokeApiKey(deps: Deps, actor: PersonActor, keyId: string): Promise<void> {
  const hash = await withAudit(deps, actor.workspaceId, async (tx, audit) => {
    const found = await revokeApiKeyRow(tx, actor.workspaceId, keyId, new Date(deps.now()));
    if (found === null) throw new Fault('not_found', 'There is no such key in use.');
    await audit({ actorKind: 'person', actorId: actor.userId, action: 'apiKey.revoked', subject: keyId });
    return found;
  });
  await publishKeyChange(deps, hash);
}
