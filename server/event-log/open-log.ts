import { HOUR_MS } from '@/server/core/durations';
import type { Deps } from '@/server/platform/deps';
import { type Env, loadEnv, required, SettingError } from '@/server/platform/env';
import { isCluster, type Redis } from '@/server/platform/redis';
import type { EventLog } from './event-log';
import { KafkaConnection } from './kafka/kafka-connection';
import { KafkaEventLog } from './kafka/kafka-event-log';
import { RedisEventLog } from './redis-streams/redis-event-log';

type LogDeps = Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>;

const opened = new WeakMap<Redis, EventLog>();
let kafka: KafkaConnection | undefined;

/** The log of this installation, as its settings say; one for each connection to the log Redis. */
export function logOf(deps: LogDeps): EventLog {
  const known = opened.get(deps.logRedis);
  if (known) return known;
  const log = openLog(deps);
  opened.set(deps.logRedis, log);
  return log;
}

/** A log of one's own. @param refusal told to refuse appends while it answers a reason */
export function openLog(deps: LogDeps, refusal?: () => string | null): EventLog {
  const env = loadEnv();
  const options = {
    redis: deps.logRedis,
    queueRedis: deps.queueRedis,
    now: deps.now,
    dedupMs: env.DEDUP_HOURS * HOUR_MS,
    dedupMaxBytes: env.DEDUP_MAX_BYTES,
    idScope: isCluster(deps.logRedis) ? ('partition' as const) : ('shard' as const),
    refusal,
  };
  if (env.EVENT_LOG !== 'kafka') return new RedisEventLog(options);
  kafka ??= connect(env);
  return new KafkaEventLog(options, kafka);
}

/**
 * Looks, before anything is taken, whether what the settings name can be the log of these shards.
 * @param mayBeAway a log that does not answer is no error: it may come back
 * @throws SettingError saying what is wrong, and how to mend it
 */
export async function assertLogFits(env: Env, shardIds: readonly number[], mayBeAway = false): Promise<void> {
  if (env.EVENT_LOG !== 'kafka') return;
  const connection = connect(env);
  try {
    await connection.assertFits(shardIds);
  } catch (error) {
    const isAway = !(error instanceof SettingError) || error.setting === 'KAFKA_BROKERS';
    if (!(mayBeAway && isAway)) throw error;
  } finally {
    await connection.close();
  }
}

function connect(env: Env): KafkaConnection {
  return new KafkaConnection({
    brokers: required(env, 'KAFKA_BROKERS'),
    topicPrefix: env.KAFKA_TOPIC_PREFIX,
    partitions: env.PARTITIONS,
  });
}
