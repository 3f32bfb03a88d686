import { HOUR_MS } from '@/server/core/durations';
import type { RecoveryOptions } from '@/server/history';
import { type Env, required } from '@/server/platform/env';

/** What a recovery needs to know of the settings. */
export function recoveryOptions(env: Env): RecoveryOptions {
  return {
    dedupMs: env.DEDUP_HOURS * HOUR_MS,
    idScope: required(env, 'REDIS_URL').startsWith('redis-cluster://') ? 'partition' : 'shard',
  };
}
