import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

interface SourceOfKey {
  id: string;
  name: string;
  workspaceId: string;
  platform: string | null;
  eventsPerSec: number;
  revokedAt: Date | null;
  shardId: number;
  region: string;
  partitions: number;
}

/** Keys come before a workspace is known: each is asked for by its hash, and only one is answered. */
async function sourceOfKey(deps: Pick<Deps, 'db'>, keyHash: string): Promise<SourceOfKey | null> {
  const [row] = await deps.db.$queryRaw<SourceOfKey[]>`
    SELECT id, name, workspace_id AS "workspaceId", platform, events_per_sec AS "eventsPerSec",
           revoked_at AS "revokedAt", shard_id AS "shardId", region, partitions
    FROM source_of_key(${keyHash})`;
  return row ?? null;
}

interface ApiKeyOf {
  id: string;
  workspaceId: string;
  scopes: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
}

async function apiKeyOf(deps: Pick<Deps, 'db'>, keyHash: string): Promise<ApiKeyOf | null> {
  const [row] = await deps.db.$queryRaw<ApiKeyOf[]>`
    SELECT id, workspace_id AS "workspaceId", scopes, expires_at AS "expiresAt", revoked_at AS "revokedAt"
    FROM api_key_of(${keyHash})`;
  return row ?? null;
}

/** A source by the hash of its write key, with where its events go; null when unknown or revoked. */
export async function sourceByKeyHash(deps: Pick<Deps, 'db'>, keyHash: string): Promise<SourceOfKey | null> {
  const found = await sourceOfKey(deps, keyHash);
  return found?.revokedAt === null ? found : null;
}

/** An API key by its hash; null when unknown or revoked. */
export async function apiKeyByHash(deps: Pick<Deps, 'db'>, keyHash: string): Promise<ApiKeyOf | null> {
  const found = await apiKeyOf(deps, keyHash);
  return found?.revokedAt === null ? found : null;
}

export async function touchApiKey(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  id: string,
  at: Date,
): Promise<void> {
  await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.apiKey.updateMany({ where: { id, workspaceId }, data: { lastUsedAt: at } }),
  );
}

/** Sources of a workspace, those in use first, newest first. Never their hashes. */
export async function sourcesOf(deps: Pick<Deps, 'db'>, workspaceId: string) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.source.findMany({
      where: { workspaceId },
      omit: { keyHash: true },
      include: { shard: { select: { region: true } } },
      orderBy: [{ revokedAt: { sort: 'asc', nulls: 'first' } }, { createdAt: 'desc' }],
      take: 500,
    }),
  );
}

/** A source of the workspace that is in use, by its id or as the newest of a name in a shard; null when there is none. */
export async function findSource(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  which: { id: string } | { name: string; shardId: number },
) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.source.findFirst({
      where: { ...which, workspaceId, revokedAt: null },
      omit: { keyHash: true },
      include: { shard: { select: { region: true, partitions: true } } },
      orderBy: { createdAt: 'desc' },
    }),
  );
}

/** Whether a shard has, or ever had, a source. */
export async function hasSources(
  deps: Pick<Deps, 'db'>,
  workspaceId: string,
  shardId: number,
): Promise<boolean> {
  const found = await withWorkspace(deps.db, workspaceId, (tx) =>
    tx.source.findFirst({ where: { workspaceId, shardId }, select: { id: true } }),
  );
  return found !== null;
}

export async function insertSource(
  tx: Prisma.TransactionClient,
  source: {
    id: string;
    workspaceId: string;
    shardId: number;
    name: string;
    platform: string | null;
    eventsPerSec: number;
    keyHash: string;
    keyHint: string;
    createdById: string | null;
  },
): Promise<void> {
  await tx.source.create({ data: source });
}

/** Changes a source of the workspace that is in use; null when there is none with this id, else its hash before. */
export async function updateSource(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  id: string,
  data: Partial<{
    name: string;
    platform: string | null;
    eventsPerSec: number;
    keyHash: string;
    keyHint: string;
    revokedAt: Date;
  }>,
): Promise<string | null> {
  const found = await tx.source.findFirst({
    where: { id, workspaceId, revokedAt: null },
    select: { keyHash: true },
  });
  if (found === null) return null;
  await tx.source.update({ where: { id }, data });
  return found.keyHash;
}

/** API keys of a workspace, those in use first, newest first. Never their hashes. */
export async function apiKeysOf(deps: Pick<Deps, 'db'>, workspaceId: string) {
  return withWorkspace(deps.db, workspaceId, (tx) =>
    tx.apiKey.findMany({
      where: { workspaceId },
      omit: { keyHash: true },
      orderBy: [{ revokedAt: { sort: 'asc', nulls: 'first' } }, { createdAt: 'desc' }],
      take: 500,
    }),
  );
}

export async function insertApiKey(
  tx: Prisma.TransactionClient,
  key: {
    id: string;
    workspaceId: string;
    name: string;
    keyHash: string;
    keyHint: string;
    scopes: string[];
    createdById: string | null;
    expiresAt: Date | null;
  },
): Promise<void> {
  await tx.apiKey.create({ data: key });
}

/** Revokes an API key of the workspace; null when there is none in use with this id, else its hash. */
export async function revokeApiKeyRow(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  id: string,
  at: Date,
): Promise<string | null> {
  const found = await tx.apiKey.findFirst({
    where: { id, workspaceId, revokedAt: null },
    select: { keyHash: true },
  });
  if (found === null) return null;
  await tx.apiKey.update({ where: { id }, data: { revokedAt: at } });
  return found.keyHash;
}

/** Whose write key this is, revoked ones included. */
export function sourceKeyOwner(
  deps: Pick<Deps, 'db'>,
  keyHash: string,
): Promise<Pick<SourceOfKey, 'workspaceId' | 'revokedAt'> | null> {
  return sourceOfKey(deps, keyHash);
}

/** Whose API key this is, revoked ones included. */
export function apiKeyOwner(
  deps: Pick<Deps, 'db'>,
  keyHash: string,
): Promise<Pick<ApiKeyOf, 'workspaceId' | 'revokedAt'> | null> {
  return apiKeyOf(deps, keyHash);
}
