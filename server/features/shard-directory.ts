import { shardsOf } from '@/server/identity';
import type { Deps } from '@/server/platform/deps';
import type { ShardWithSettings } from './online-store';

/** What is known of a workspace's shards is asked for again after this long, ms. */
const KEPT_MS = 5_000;

interface Known {
  at: number;
  shards: Promise<ShardWithSettings[]>;
}

const directories = new WeakMap<Deps['db'], Map<string, Known>>();

/**
 * The shards of a workspace with their settings. What was known is answered at once and asked for again beside it, so that
 * live values go on while Postgres is away.
 * @throws when nothing was known and Postgres cannot be reached
 */
export function knownShards(
  deps: Pick<Deps, 'db' | 'now'>,
  workspaceId: string,
): Promise<ShardWithSettings[]> {
  const directory = directories.get(deps.db) ?? new Map<string, Known>();
  directories.set(deps.db, directory);
  const known = directory.get(workspaceId);
  if (!known) {
    const asked = { at: deps.now(), shards: readShards(deps, workspaceId) };
    directory.set(workspaceId, asked);
    asked.shards.catch(() => directory.delete(workspaceId));
    return asked.shards;
  }
  if (deps.now() - known.at >= KEPT_MS) {
    known.at = deps.now();
    readShards(deps, workspaceId).then(
      (shards) => {
        known.shards = Promise.resolve(shards);
      },
      () => undefined,
    );
  }
  return known.shards;
}

async function readShards(deps: Pick<Deps, 'db'>, workspaceId: string): Promise<ShardWithSettings[]> {
  const rows = await shardsOf(deps, workspaceId);
  return rows.map(({ shardId, region, partitions, currency, settings, cardTtlMs }) => ({
    shardId,
    region,
    partitions,
    settings: { ...settings, currency },
    cardTtlMs,
  }));
}
