import type { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import { withWorkspace } from '@/server/platform/postgres';

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
export async function sourceKeyOwner(deps: Pick<Deps, 'db'>, keyHash: string) {
  return deps.db.source.findUnique({ where: { keyHash }, select: { workspaceId: true, revokedAt: true } });
}

/** Whose API key this is, revoked ones included. */
export async function apiKeyOwner(deps: Pick<Deps, 'db'>, keyHash: string) {
  return deps.db.apiKey.findUnique({ where: { keyHash }, select: { workspaceId: true, revokedAt: true } });
}
