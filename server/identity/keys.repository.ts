import type { Deps } from '@/server/platform/deps';

/** A source by the hash of its write key, with where its events go; null when unknown or revoked. */
export async function sourceByKeyHash(deps: Pick<Deps, 'db'>, keyHash: string) {
  return deps.db.source.findFirst({
    where: { keyHash, revokedAt: null },
    select: {
      id: true,
      name: true,
      workspaceId: true,
      platform: true,
      eventsPerSec: true,
      shard: { select: { id: true, region: true, partitions: true } },
    },
  });
}

/** An API key by its hash; null when unknown or revoked. */
export async function apiKeyByHash(deps: Pick<Deps, 'db'>, keyHash: string) {
  return deps.db.apiKey.findFirst({
    where: { keyHash, revokedAt: null },
    select: { id: true, workspaceId: true, scopes: true, expiresAt: true },
  });
}

export async function touchApiKey(deps: Pick<Deps, 'db'>, id: string, at: Date): Promise<void> {
  await deps.db.apiKey.updateMany({ where: { id }, data: { lastUsedAt: at } });
}
