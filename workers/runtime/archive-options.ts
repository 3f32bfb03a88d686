import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import type { EventLog } from '@/server/event-log';
import type { ArchiveStore } from '@/server/history';
import type { Logger } from '@/server/platform/logger';
import type { ArchiveMetrics } from './archive-metrics';

export interface ArchiveGroupOptions {
  log: EventLog;
  redis: Redis;
  store: ArchiveStore;
  now: Clock;
  /** Workspaces of the shards; a shard that is absent is not archived yet. */
  workspaceOf(shardId: number): string | undefined;
  shardIds(): number[];
  metrics: ArchiveMetrics;
  logger: Logger;
}
