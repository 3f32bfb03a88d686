import type { Redis } from 'ioredis';
import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import type { ConsentFlags } from '@/server/streaming/partition-step';

/** What the store keeps of one key, in the key's own partition. */
export interface KeptCustomer {
  key: string;
  /** the customer the key was linked to; null when it stands for itself */
  redirect: string | null;
  state: JsonObject | null;
  consent: ConsentFlags | null;
  /** the partition's clock: the greater of its newest event and its last tick, ms */
  clock: number;
}

export interface ShardPlace {
  shardId: number;
  partitions: number;
}

/** Reads keys of a shard as they stand now, in one pipeline: one HMGET a hash and partition. */
export async function readKept(
  logRedis: Redis,
  shard: ShardPlace,
  keys: readonly string[],
): Promise<KeptCustomer[]> {
  const byPartition = Map.groupBy(keys, (key) => partitionOf(key, shard.partitions));
  const pipeline = logRedis.pipeline();
  for (const [partition, group] of byPartition) {
    const tag = `{${shard.shardId}.${partition}}`;
    pipeline.hmget(`${tag}:state`, ...group);
    pipeline.hmget(`${tag}:consent`, ...group);
    pipeline.hmget(`${tag}:redirects`, ...group);
    pipeline.hmget(`${tag}:clock`, 'newest', 'tick');
  }
  const replies = (await pipeline.exec()) ?? [];
  const failed = replies.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
  const values = replies.map(([, value]) => value as (string | null)[]);
  return [...byPartition.values()].flatMap((group, index) => {
    const [states = [], flags = [], redirects = [], clock = []] = values.slice(index * 4, index * 4 + 4);
    const now = Math.max(Number(clock[0] ?? 0), Number(clock[1] ?? 0));
    return group.map((key, at) => ({
      key,
      redirect: redirects[at] ?? null,
      state: parsed<JsonObject>(states[at]),
      consent: parsed<ConsentFlags>(flags[at]),
      clock: now,
    }));
  });
}

function parsed<T>(text: string | null | undefined): T | null {
  return text ? (JSON.parse(text) as T) : null;
}
