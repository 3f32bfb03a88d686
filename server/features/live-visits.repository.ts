import type { Redis } from 'ioredis';
import type { JsonObject } from '@/server/core/json';
import { valuesOf } from '@/server/core/redis-replies';
import { partitionKeys } from '@/server/scaling';
import { NEVER } from '@/server/streaming/watermarks';
import type { ShardPlace } from './online-store.repository';

/** Customers of one partition of whom something is still to come. */
export interface WaitingCustomers {
  /** the partition's clock, ms */
  clock: number;
  customers: { key: string; state: JsonObject }[];
}

/**
 * Of each partition the customers whose timers run out last, and their states: whoever has a live visit has a timer. Two
 * pipelines for a whole shard.
 * @param most customers of a partition
 */
export async function waitingCustomers(
  logRedis: Redis,
  shard: ShardPlace,
  most: number,
): Promise<WaitingCustomers[]> {
  const waiting = (await waitingKeys(logRedis, shard, most))
    .map((keys, partition) => ({ keys, places: partitionKeys(shard.shardId, partition) }))
    .filter(({ keys }) => keys.length > 0);
  const reads = logRedis.pipeline();
  for (const { keys, places } of waiting) {
    reads.hmget(places.state, ...keys);
    reads.hmget(places.clock, 'newest', 'tick');
  }
  const found = valuesOf(await reads.exec()) as (string | null)[][];
  return waiting.map(({ keys }, index) => {
    const [states = [], times = []] = found.slice(index * 2, index * 2 + 2);
    return {
      clock: Math.max(Number(times[0] ?? NEVER), Number(times[1] ?? NEVER)),
      customers: keys.flatMap((key, at) => {
        const text = states[at];
        return text ? [{ key, state: JSON.parse(text) as JsonObject }] : [];
      }),
    };
  });
}

/**
 * Of each partition the keys of the customers whose timers run out last, in one pipeline.
 * @param most keys of a partition
 */
export async function waitingKeys(
  logRedis: Redis,
  { shardId, partitions }: ShardPlace,
  most: number,
): Promise<string[][]> {
  const looks = logRedis.pipeline();
  for (let partition = 0; partition < partitions; partition += 1) {
    looks.zrevrange(partitionKeys(shardId, partition).timers, 0, most - 1);
  }
  return valuesOf(await looks.exec()) as string[][];
}
