import { Prisma } from '@/prisma/client/client';
import type { Deps } from '@/server/platform/deps';
import {
  type StreamSettings,
  streamSettingsOf,
  type WorkspaceSettings,
  workspaceSettingsSchema,
} from './workspace-settings.schema';

type Db = Pick<Deps, 'db'>;

/** A shard with what the stream side needs to know of its workspace. */
export interface ShardDescription {
  shardId: number;
  workspaceId: string;
  region: string;
  partitions: number;
  currency: string;
  timeZone: string;
  settings: StreamSettings;
  /** how long what is known of a customer says something of now */
  cardTtlMs: number;
}

/** Every shard there is, for the processes that work for all workspaces. */
export async function listShards(deps: Db): Promise<ShardDescription[]> {
  return describeShards(
    await deps.db.shard.findMany({ include: { workspace: true }, orderBy: { id: 'asc' } }),
  );
}

/** The shards of one workspace. */
export async function shardsOf(deps: Db, workspaceId: string): Promise<ShardDescription[]> {
  return describeShards(
    await deps.db.shard.findMany({
      where: { workspaceId },
      include: { workspace: true },
      orderBy: { id: 'asc' },
    }),
  );
}

/** SQL: the numbers of a workspace's shards as an array, for indexes that tell workspaces apart by shard. */
export function shardIds(workspaceId: string): Prisma.Sql {
  return Prisma.sql`ARRAY(SELECT id FROM shards WHERE workspace_id = ${workspaceId})`;
}

type ShardRow = Awaited<ReturnType<typeof shardRows>>[number];
function shardRows(deps: Db) {
  return deps.db.shard.findMany({ include: { workspace: true } });
}

function describeShards(rows: ShardRow[]): ShardDescription[] {
  return rows.map(({ id, workspaceId, region, partitions, workspace }) => ({
    shardId: id,
    workspaceId,
    region,
    partitions,
    currency: workspace.currency,
    timeZone: workspace.timeZone,
    settings: streamSettingsOf(workspace),
    cardTtlMs: workspaceSettingsSchema.parse(workspace.settings ?? {}).cardTtlMs,
  }));
}

export interface NewWorkspace {
  id: string;
  name: string;
  slug: string;
  currency: string;
  timeZone: string;
  settings: WorkspaceSettings;
  shards: { region: string; partitions: number }[];
}

/** Adds a workspace with its shards; the transaction must be set to it. Returns the shards' ids. */
export async function insertWorkspace(
  tx: Prisma.TransactionClient,
  workspace: NewWorkspace,
): Promise<number[]> {
  const { shards, id: workspaceId, ...data } = workspace;
  await tx.workspace.create({ data: { id: workspaceId, ...data } });
  const made: number[] = [];
  for (const shard of shards) made.push(await insertShard(tx, workspaceId, shard));
  return made;
}

/** Adds a shard to the workspace the transaction is set to. Returns its id. */
export async function insertShard(
  tx: Prisma.TransactionClient,
  workspaceId: string,
  shard: { region: string; partitions: number },
): Promise<number> {
  const made = await tx.shard.create({ data: { workspaceId, ...shard }, select: { id: true } });
  return made.id;
}

export async function workspaceBySlug(deps: Db, slug: string) {
  return deps.db.workspace.findUnique({ where: { slug }, select: { id: true, name: true } });
}

export async function workspaceById(deps: Db, id: string) {
  return deps.db.workspace.findUnique({ where: { id }, include: { shards: { orderBy: { id: 'asc' } } } });
}

export async function updateWorkspace(
  tx: Prisma.TransactionClient,
  id: string,
  data: { name: string; currency: string; timeZone: string; settings: WorkspaceSettings },
): Promise<void> {
  await tx.workspace.update({ where: { id }, data });
}

/** The numbers of partitions shards were made with: one, unless somebody changed the setting in between. */
export async function partitionCounts(deps: Db): Promise<number[]> {
  const rows = await deps.db.shard.findMany({ distinct: ['partitions'], select: { partitions: true } });
  return rows.map((row) => row.partitions);
}
