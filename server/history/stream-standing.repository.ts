import { deadLetterLogKey, offsetKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { loadEnv } from '@/server/platform/env';
import { partitionKeys, STREAM_START } from '@/server/scaling';

/** How far the stream side of one partition is, for the question whether results can still change. */
export interface PartitionStanding {
  /** entries behind the processors, the archive or the outbox */
  unfinished: boolean;
  /** newest event time, ms; 0: none */
  newest: number;
  /** greatest of newest event time, last tick and – once silent for `IDLE_MS` – the clock */
  clock: number;
  /** earliest timer, event time in ms; null: none */
  nextTimer: number | null;
}

/** Standing of every partition of a shard that ever held a record. */
export async function standingsOf(
  { logRedis, now }: Pick<Deps, 'logRedis' | 'now'>,
  shardId: number,
  partitions: readonly number[],
): Promise<PartitionStanding[]> {
  const offsets = logRedis.pipeline();
  for (const partition of partitions) {
    offsets.hmget(offsetKey(shardId, partition, 'main'), 'id', 'at');
    offsets.hget(offsetKey(shardId, partition, 'archive'), 'id');
  }
  const known = valuesOf(await offsets.exec());
  const looks = logRedis.pipeline();
  partitions.forEach((partition, index) => {
    const keys = partitionKeys(shardId, partition);
    const [main] = known[index * 2] as [string | null];
    looks.xrange(keys.log, `(${main ?? STREAM_START}`, '+', 'COUNT', 1);
    looks.xrange(keys.log, `(${(known[index * 2 + 1] as string | null) ?? STREAM_START}`, '+', 'COUNT', 1);
    looks.xlen(keys.out);
    looks.xlen(keys.outbox);
    looks.hgetall(keys.clock);
    looks.zrange(keys.timers, '0', '0', 'WITHSCORES');
  });
  const found = valuesOf(await looks.exec());
  const idleMs = loadEnv().IDLE_MS;
  return partitions.map((_, index) => {
    const [unread, unarchived, out, outbox, clock, timer] = found.slice(index * 6, index * 6 + 6) as [
      unknown[],
      unknown[],
      number,
      number,
      Record<string, string>,
      string[],
    ];
    const [, processedAt] = known[index * 2] as [string | null, string | null];
    const newest = Number(clock.newest ?? 0);
    const silent = unread.length === 0 && now() - Number(processedAt ?? 0) >= idleMs;
    return {
      unfinished: unread.length > 0 || unarchived.length > 0 || out > 0 || outbox > 0,
      newest,
      clock: Math.max(newest, Number(clock.tick ?? 0), silent ? now() : 0),
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
  return (await logRedis.smembers(`{${shardId}}:partitions`)).map(Number).sort((a, b) => a - b);
}

function valuesOf(replies: [Error | null, unknown][] | null): unknown[] {
  return (replies ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
}
