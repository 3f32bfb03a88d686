import { offsetKey, partitionsKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { NEVER } from '@/server/streaming/watermarks';
import { partitionKeys } from './partition-keys';

/** How far event time is in one partition. */
export interface PartitionClock {
  shardId: number;
  partition: number;
  /** newest event time, ms; `NEVER`: none */
  newest: number;
  /** newest idleness tick, ms; `NEVER`: none */
  tick: number;
  /** ms: when something was committed last; 0: never */
  committedAt: number;
}

/** Clocks of all partitions of a shard that ever held a record: two numbers each, in one round trip. */
export async function readClocks(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<PartitionClock[]> {
  const members = await logRedis.smembers(partitionsKey(shardId));
  const partitions = members.map(Number).sort((a, b) => a - b);
  const pipeline = logRedis.pipeline();
  for (const partition of partitions) {
    pipeline.hmget(partitionKeys(shardId, partition).clock, 'newest', 'tick');
    pipeline.hget(offsetKey(shardId, partition, 'main'), 'at');
  }
  const answers = (await pipeline.exec()) ?? [];
  const valueAt = (index: number): unknown => {
    const [error, value] = answers[index] ?? [null, null];
    if (error) throw error;
    return value;
  };
  return partitions.map((partition, index) => {
    const [newest, tick] = valueAt(index * 2) as [string | null, string | null];
    return {
      shardId,
      partition,
      newest: Number(newest ?? NEVER),
      tick: Number(tick ?? NEVER),
      committedAt: Number(valueAt(index * 2 + 1) ?? 0),
    };
  });
}
