import type { Deps } from '@/server/platform/deps';
import { type StreamSettings, streamSettingsOf } from './workspace-settings.schema';

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
  }));
}
