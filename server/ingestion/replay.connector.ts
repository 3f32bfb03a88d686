import { type EventLog, logOf } from '@/server/event-log';
import { loadMasterKey } from '@/server/platform/crypto';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { createDeadLetterSeal, type DeadLetterSeal } from './dead-letter-seal.connector';

/** The log and the seal as the collector has them, for replays from the console. */
export function replayTools(deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>): {
  log: EventLog;
  seal: DeadLetterSeal;
} {
  return { log: logOf(deps), seal: createDeadLetterSeal(loadMasterKey(loadEnv())) };
}
