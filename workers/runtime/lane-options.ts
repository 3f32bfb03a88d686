import type { Redis } from 'ioredis';
import type { Clock } from '@/server/core/clock';
import type { EventLog } from '@/server/event-log';
import type { Logger } from '@/server/platform/logger';
import type { LogProcessor } from './partition-batch';
import type { StreamMetrics } from './stream-metrics';
import type { LaneMeter } from './vitals-meter';

/** What a lane must know of a shard; replaced as a whole when settings or rules change. */
export interface ShardPlan {
  shardId: number;
  partitions: number;
  processor: LogProcessor;
}

export interface LaneOptions {
  log: EventLog;
  redis: Redis;
  /** Connections to the same Redis, at least one, that loads are shared among. */
  readers: readonly Redis[];
  queueRedis: Redis;
  now: Clock;
  idleMs: number;
  plan(shardId: number): ShardPlan | undefined;
  /** Partitions of this process that got a record from another. */
  ring(names: Iterable<string>): void;
  /** An operator threw at a record, which will be skipped. */
  threw?(shardId: number, operator: string): void;
  metrics: StreamMetrics;
  meter: LaneMeter;
  logger: Logger;
}
