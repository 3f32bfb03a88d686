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
  { shardId, partitions }: ShardPlace,
  most: number,
): Promise<WaitingCustomers[]> {
  const places = Array.from({ length: partitions }, (_, partition) => partitionKeys(shardId, partition));
  const looks = logRedis.pipeline();
  for (const { timers, clock } of places) {
    looks.zrevrange(timers, 0, most - 1);
    looks.hmget(clock, 'newest', 'tick');
  }
  const found = valuesOf(await looks.exec());
  const waiting = places.flatMap(({ state }, index) => {
    const [keys = [], times = []] = found.slice(index * 2, index * 2 + 2) as [string[], (string | null)[]];
    const clock = Math.max(Number(times[0] ?? NEVER), Number(times[1] ?? NEVER));
    return keys.length === 0 ? [] : [{ state, keys, clock }];
  });
  const reads = logRedis.pipeline();
  for (const { state, keys } of waiting) reads.hmget(state, ...keys);
  const states = valuesOf(await reads.exec()) as (string | null)[][];
  return waiting.map(({ keys, clock }, index) => ({
    clock,
    customers: keys.flatMap((key, at) => {
      const text = states[index]?.[at];
      return text ? [{ key, state: JSON.parse(text) as JsonObject }] : [];
    }),
  }));
}
