import type { Redis } from 'ioredis';
import { partitionOf } from '@/server/core/partition';
import { offsetKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { MAX_HOPS } from '@/server/processors';
import { partitionKeys, STREAM_START } from '@/server/scaling';

/** Partitions up to this size are read in one transaction; larger ones by scanning between two equal offsets. */
const WHOLE_CUSTOMERS = 5_000;
const SCAN_COUNT = 1_000;
const SCAN_ATTEMPTS = 5;

export interface KeyedState {
  /** last processed entry that the state stands at */
  offset: string;
  /** customer → JSON text */
  states: Record<string, string>;
  /** parts kept beside the states, by `partField` */
  parts: Record<string, string>;
  /** key → customer it was linked to */
  redirects: Record<string, string>;
}

/** The whole keyed state of one partition, as of one offset. */
export async function readKeyedState(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
  partition: number,
): Promise<KeyedState> {
  const keys = partitionKeys(shardId, partition);
  if ((await logRedis.hlen(keys.state)) > WHOLE_CUSTOMERS) {
    for (let attempt = 0; attempt < SCAN_ATTEMPTS; attempt += 1) {
      const scanned = await scanBetween(logRedis, shardId, partition);
      if (scanned) return scanned;
    }
  }
  const replies = await logRedis
    .multi()
    .hget(offsetKey(shardId, partition, 'main'), 'id')
    .hgetall(keys.state)
    .hgetall(keys.parts)
    .hgetall(keys.redirects)
    .exec();
  const [offset, states, parts, redirects] = (replies ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  }) as [string | null, Record<string, string>, Record<string, string>, Record<string, string>];
  return { offset: offset ?? STREAM_START, states, parts, redirects };
}

/**
 * Where keys that others were moved to have been moved on to, in the end.
 * @returns only those that were moved on
 */
export async function endsOf(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shard: { shardId: number; partitions: number },
  keys: readonly string[],
): Promise<Map<string, string>> {
  const ends = new Map<string, string>();
  let asked = [...new Set(keys)].map((key) => ({ key, at: key }));
  for (let hop = 0; hop < MAX_HOPS && asked.length > 0; hop += 1) {
    const movedOn: typeof asked = [];
    for (const [partition, places] of Map.groupBy(asked, ({ at }) => partitionOf(at, shard.partitions))) {
      const { redirects } = partitionKeys(shard.shardId, partition);
      for (let from = 0; from < places.length; from += SCAN_COUNT) {
        const some = places.slice(from, from + SCAN_COUNT);
        const found = await logRedis.hmget(redirects, ...some.map(({ at }) => at));
        for (const [index, { key }] of some.entries()) {
          const at = found[index];
          if (at == null) continue;
          ends.set(key, at);
          movedOn.push({ key, at });
        }
      }
    }
    asked = movedOn;
  }
  return ends;
}

/** @returns null when a commit came in between */
async function scanBetween(redis: Redis, shardId: number, partition: number): Promise<KeyedState | null> {
  const keys = partitionKeys(shardId, partition);
  const at = () => redis.get(keys.sequence);
  const before = await at();
  const states = await scan(redis, keys.state);
  const parts = await scan(redis, keys.parts);
  const redirects = await redis.hgetall(keys.redirects);
  const offset = await redis.hget(offsetKey(shardId, partition, 'main'), 'id');
  return (await at()) === before ? { offset: offset ?? STREAM_START, states, parts, redirects } : null;
}

async function scan(redis: Redis, key: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  let cursor = '0';
  do {
    const [next, flat] = await redis.hscan(key, cursor, 'COUNT', SCAN_COUNT);
    for (let i = 0; i + 1 < flat.length; i += 2) found[flat[i] ?? ''] = flat[i + 1] ?? '';
    cursor = next;
  } while (cursor !== '0');
  return found;
}
