import type { Redis } from 'ioredis';
import { readConsentFlags } from '@/server/core/consent-flags';
import { partitionOf } from '@/server/core/partition';
import { valuesOf } from '@/server/core/redis-replies';
import { namedKeysOf } from '@/server/event-log';
import { partitionKeys } from '@/server/scaling';
import type { PartitionBatch } from './partition-batch';

/**
 * Notes which keys, named by events of customers who were not seen with them before, are opted out: such a key may live in
 * another partition, whose answer to the link would come too late for the event itself. Read once the customers are loaded.
 */
export async function loadDeniedLinks(redis: Redis, batches: readonly PartitionBatch[]): Promise<void> {
  const asked = batches.flatMap((batch) =>
    [...newLinks(batch)].map((key) => ({ key, set: batch.memory.set })),
  );
  if (asked.length === 0) return;
  const pipeline = redis.pipeline();
  for (const { key, set } of asked)
    pipeline.hget(partitionKeys(set.shardId, partitionOf(key, set.partitions)).consent, key);
  const flags = valuesOf(await pipeline.exec()) as (string | null)[];
  asked.forEach(({ key, set }, index) => {
    const text = flags[index];
    if (text && readConsentFlags(text).denied.includes('profiling')) set.deniedLinks.add(key);
  });
}

/** Keys that the customer's state, as it was read, does not name. */
function newLinks({ linking, loaded }: PartitionBatch): Set<string> {
  const found = new Set<string>();
  if (linking.length === 0 || loaded === null) return found;
  const states = new Map(loaded.customers.map((customer, at) => [customer, loaded.states[at]]));
  for (const event of linking) {
    const state = states.get(event.c);
    for (const key of namedKeysOf(event)) if (!state?.includes(JSON.stringify(key))) found.add(key);
  }
  return found;
}
