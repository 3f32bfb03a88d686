import { partitionsKey } from '@/server/event-log';
import type { Deps } from '@/server/platform/deps';
import type { StateSample } from './operator-figures';
import { partitionKeys } from './partition-keys';

/** Partitions looked at, and states of each: enough for a mean, little to read. */
const PARTITIONS = 8;
const STATES = 8;

/** How many customers a shard keeps, and the states of some chosen by chance. */
export async function sampleStates(
  { logRedis }: Pick<Deps, 'logRedis'>,
  shardId: number,
): Promise<StateSample> {
  const partitions = (await logRedis.smembers(partitionsKey(shardId))).map(Number);
  const chosen = await logRedis.srandmember(partitionsKey(shardId), PARTITIONS);
  const pipeline = logRedis.pipeline();
  for (const partition of partitions) pipeline.hlen(partitionKeys(shardId, partition).state);
  for (const partition of chosen) {
    pipeline.hrandfield(partitionKeys(shardId, Number(partition)).state, STATES, 'WITHVALUES');
  }
  const values = ((await pipeline.exec()) ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  const customers = values.slice(0, partitions.length).reduce<number>((sum, n) => sum + Number(n), 0);
  const texts = values.slice(partitions.length).flatMap((pairs) => valuesOfPairs(pairs as string[]));
  return { customers, states: texts.map((text) => JSON.parse(text)) };
}

function valuesOfPairs(pairs: readonly string[]): string[] {
  return pairs.filter((_, index) => index % 2 === 1);
}
