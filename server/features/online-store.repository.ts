import type { Redis } from 'ioredis';
import { type ConsentFlags, readConsentFlags } from '@/server/core/consent-flags';
import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import { valuesOf } from '@/server/core/redis-replies';
import { partNumbersOf, readState } from '@/server/processors';
import { partField, partitionKeys, statesWithParts } from '@/server/scaling';
import { NEVER } from '@/server/streaming/watermarks';

/** How often a state is read again because it changed while its parts were read. */
const PART_ATTEMPTS = 3;

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

/**
 * Reads keys of a shard as they stand now, in one pipeline: one HMGET a hash and partition. What of a busy customer's state is
 * kept in parts beside it is read after that.
 */
export async function readKept(
  logRedis: Redis,
  shard: ShardPlace,
  keys: readonly string[],
): Promise<KeptCustomer[]> {
  const byPartition = Map.groupBy(keys, (key) => partitionOf(key, shard.partitions));
  const pipeline = logRedis.pipeline();
  for (const [partition, group] of byPartition) {
    const { state, consent, redirects, clock } = partitionKeys(shard.shardId, partition);
    pipeline.hmget(state, ...group);
    pipeline.hmget(consent, ...group);
    pipeline.hmget(redirects, ...group);
    pipeline.hmget(clock, 'newest', 'tick');
  }
  const values = valuesOf(await pipeline.exec()) as (string | null)[][];
  const kept = [...byPartition.values()].flatMap((group, index) => {
    const [states = [], flags = [], redirects = [], clock = []] = values.slice(index * 4, index * 4 + 4);
    const now = Math.max(Number(clock[0] ?? NEVER), Number(clock[1] ?? NEVER));
    return group.map((key, at) => ({
      key,
      redirect: redirects[at] ?? null,
      state: parsed<JsonObject>(states[at]),
      consent: consentIn(flags[at]),
      clock: now,
    }));
  });
  return Promise.all(
    kept.map(async (one) => ({
      ...one,
      state: one.state && (await whole(logRedis, shard, one.key, one.state)),
    })),
  );
}

/** The state with its parts: both of one moment, or, where it changes too fast for that, without them. */
async function whole(redis: Redis, shard: ShardPlace, key: string, known: JsonObject): Promise<JsonObject> {
  const fields = partNumbersOf(known).map((number) => partField(key, number));
  if (fields.length === 0) return known;
  const keys = partitionKeys(shard.shardId, partitionOf(key, shard.partitions));
  let newest = known;
  const found = await statesWithParts({
    customers: [key],
    fields: [fields],
    attempts: PART_ATTEMPTS,
    async read(asked) {
      const replies = await redis
        .multi()
        .hget(keys.state, key)
        .hmget(keys.parts, ...asked)
        .exec();
      const [text = null, parts = []] = valuesOf(replies) as [string | null, (string | null)[]];
      if (text !== null) newest = JSON.parse(text) as JsonObject;
      return { texts: [text], parts };
    },
  });
  const text = found?.read.texts[0];
  if (!found || !text) return newest;
  return readState(
    text,
    (found.parts[0] ?? []).map((part) => part ?? ''),
  );
}

function consentIn(text: string | null | undefined): ConsentFlags | null {
  return text ? readConsentFlags(text) : null;
}

function parsed<T>(text: string | null | undefined): T | null {
  return text ? (JSON.parse(text) as T) : null;
}
