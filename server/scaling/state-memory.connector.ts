import { partitionsKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import { partitionKeys } from './partition-keys';

/** Members of a hash that are looked at for its size; the rest is taken to be like them. */
const SAMPLES = 20;

/**
 * Memory that the keyed state of a shard takes in Redis, bytes, as Redis itself reckons it: states and their parts,
 * redirects, timers, queue and cool-downs. @throws when Redis cannot be reached
 */
export async function stateMemoryBytes(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<number> {
  const partitions = await logRedis.smembers(partitionsKey(shardId));
  const pipeline = logRedis.pipeline();
  for (const partition of partitions) {
    const { state, parts, redirects, timers, queue, cooldowns } = partitionKeys(shardId, Number(partition));
    for (const key of [state, parts, redirects, timers, queue, cooldowns]) {
      pipeline.memory('USAGE', key, 'SAMPLES', SAMPLES);
    }
  }
  let bytes = 0;
  for (const [error, size] of (await pipeline.exec()) ?? []) {
    if (error) throw error;
    bytes += Number(size ?? 0);
  }
  return bytes;
}
