import { valuesOf } from '@/server/core/redis-replies';
import { deadLetterLogKey, logOf, offsetKey, partitionsKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { partitionKeys, STREAM_START } from '@/server/scaling';
import { NEVER } from '@/server/streaming/watermarks';

/** How far the stream side of one partition is, for the question whether results can still change. */
export interface PartitionStanding {
  /** entries behind the processors, the archive or the outbox */
  unfinished: boolean;
  /** newest event time, ms; `NEVER`: none */
  newest: number;
  /** greatest of newest event time, last tick and – once silent for `IDLE_MS` – the clock */
  clock: number;
  /** earliest timer, event time in ms; null: none */
  nextTimer: number | null;
}

/** Standing of every partition of a shard that ever held a record. */
export async function standingsOf(
  deps: Pick<Deps, 'logRedis' | 'queueRedis' | 'now'>,
  shardId: number,
  partitions: readonly number[],
): Promise<PartitionStanding[]> {
  const { logRedis, now } = deps;
  const offsets = logRedis.pipeline();
  for (const partition of partitions) {
    offsets.hmget(offsetKey(shardId, partition, 'main'), 'id', 'at');
    offsets.hget(offsetKey(shardId, partition, 'archive'), 'id');
    // Before the logs are looked at: what is delivered meanwhile is then seen here or there.
    offsets.xlen(partitionKeys(shardId, partition).outbox);
  }
  const known = valuesOf(await offsets.exec());
  const log = logOf(deps);
  const placesOf = (idOf: (index: number) => string | null) =>
    partitions.map((partition, index) => ({ partition, after: idOf(index) ?? STREAM_START }));
  const [unread, unarchived] = await Promise.all([
    log.firstAfter(
      shardId,
      placesOf((index) => (known[index * 3] as [string | null])[0]),
    ),
    log.firstAfter(
      shardId,
      placesOf((index) => known[index * 3 + 1] as string | null),
    ),
  ]);
  const looks = logRedis.pipeline();
  for (const partition of partitions) {
    const keys = partitionKeys(shardId, partition);
    looks.xlen(keys.out);
    looks.hgetall(keys.clock);
    looks.zrange(keys.timers, '0', '0', 'WITHSCORES');
  }
  const found = valuesOf(await looks.exec());
  const idleMs = loadEnv().IDLE_MS;
  return partitions.map((_, index) => {
    const [out, clock, timer] = found.slice(index * 3, index * 3 + 3) as [
      number,
      Record<string, string>,
      string[],
    ];
    const [, processedAt] = known[index * 3] as [string | null, string | null];
    const outbox = known[index * 3 + 2] as number;
    const newest = Number(clock.newest ?? NEVER);
    const isRead = unread[index] === null;
    const silent = isRead && now() - Number(processedAt ?? 0) >= idleMs;
    return {
      unfinished: !isRead || unarchived[index] !== null || out > 0 || outbox > 0,
      newest,
      clock: Math.max(newest, Number(clock.tick ?? NEVER), silent ? now() : NEVER),
      nextTimer: timer[1] === undefined ? null : Number(timer[1]),
    };
  });
}

/** Whether refused events of the shard wait to be archived. */
export async function hasWaitingDeadLetters(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<boolean> {
  return (await logRedis.xlen(deadLetterLogKey(shardId))) > 0;
}

export async function partitionsInUse(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<number[]> {
  return (await logRedis.smembers(partitionsKey(shardId))).map(Number).sort((a, b) => a - b);
}
