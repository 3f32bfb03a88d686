import { logOf } from '@/server/event-log';
import { ArchiveStore } from '@/server/history';
import { listShards } from '@/server/identity/workspaces.repository';
import { processDeps } from '@/server/platform/connections';
import { ArchiveGroup } from './archive-group';
import { createArchiveMetrics } from './archive-metrics';
import { bulkUrl } from './bulk-url';
import type { ProcessContext, RunningProcess } from './process';
import { ShardList } from './shard-list';
import { runGroup } from './stream-process';

/** The archive: events, facts, decisions, late events and dead letters to Postgres. */
export async function startArchive(context: ProcessContext): Promise<RunningProcess> {
  const { env, logger, metrics } = context;
  const deps = processDeps();
  const shards = new ShardList(() => listShards(deps), logger);
  await shards.start();
  const store = new ArchiveStore(bulkUrl(env), deps.now);
  const group = new ArchiveGroup({
    log: logOf(deps),
    redis: deps.logRedis,
    store,
    now: deps.now,
    workspaceOf: (shardId) => shards.get(shardId)?.workspaceId,
    shardIds: () => shards.ids(),
    metrics: createArchiveMetrics(metrics),
    logger,
  });
  group.start();
  const running = await runGroup(context, 'archive', { host: group, ring: (name) => group.ring(name) });
  return {
    ready: () => running.ready?.() ?? Promise.resolve(),
    async stop() {
      shards.stop();
      await running.stop();
      await store.close();
    },
  };
}
