import { HOUR_MS } from '@/server/core/durations';
import { type EventLog, RedisEventLog } from '@/server/event-log';
import { loadMasterKey } from '@/server/platform/crypto';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { createDeadLetterSeal, type DeadLetterSeal } from './dead-letter-seal.connector';

/** The log and the seal as the collector has them, for replays from the console. */
export function replayTools(deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>): {
  log: EventLog;
  seal: DeadLetterSeal;
} {
  const env = loadEnv();
  const log = new RedisEventLog({
    redis: deps.logRedis,
    queueRedis: deps.queueRedis,
    now: deps.now,
    dedupMs: env.DEDUP_HOURS * HOUR_MS,
    dedupMaxBytes: env.DEDUP_MAX_BYTES,
    idScope: env.REDIS_URL?.startsWith('redis-cluster://') ? 'partition' : 'shard',
  });
  return { log, seal: createDeadLetterSeal(loadMasterKey(env)) };
}
