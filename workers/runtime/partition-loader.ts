import type { Redis } from 'ioredis';
import { valuesOf } from '@/server/core/redis-replies';
import { offsetKey } from '@/server/event-log';
import { epochKey, partitionKeys } from '@/server/scaling';
import { outboxEntryOf, type RawEntry } from './outbox';
import { memoryOf, type PartitionMemory } from './partition-memory';

export interface PartitionPlace {
  shardId: number;
  partition: number;
  partitions: number;
}

/** Outbox entries read at a take-over; the rest follows on the next one. */
const OUTBOX_READ = 1_000;

/**
 * Reads all that stands beside the customers' states, in one transaction so that flags and their version agree.
 * @returns null when the epoch is no longer the lease's
 */
export async function loadPartition(
  redis: Redis,
  place: PartitionPlace,
  epoch: string,
): Promise<PartitionMemory | null> {
  const { shardId, partition } = place;
  const keys = partitionKeys(shardId, partition);
  const replies = await redis
    .multi()
    .get(epochKey(shardId, partition, 'main'))
    .hgetall(offsetKey(shardId, partition, 'main'))
    .hgetall(keys.clock)
    .get(keys.aggregates)
    .hgetall(keys.sent)
    .hgetall(keys.inbox)
    .get(keys.consentVersion)
    .hgetall(keys.consent)
    .get(keys.sequence)
    .zrange(keys.timers, '0', '0', 'WITHSCORES')
    .xrange(keys.outbox, '-', '+', 'COUNT', OUTBOX_READ)
    .exec();
  const values = valuesOf(replies);
  if (values[0] !== epoch) return null;
  const memory = memoryOf(place, {
    epoch,
    offset: values[1] as Record<string, string>,
    clock: values[2] as Record<string, string>,
    aggregates: values[3] as string | null,
    sent: values[4] as Record<string, string>,
    inbox: values[5] as Record<string, string>,
    consentVersion: values[6] as string | null,
    consent: values[7] as Record<string, string>,
    sequence: values[8] as string | null,
  });
  const score = (values[9] as string[])[1];
  memory.nextTimer = score === undefined ? null : Number(score);
  const clock = Math.max(memory.set.clock.newest, memory.set.clock.tick);
  if (memory.nextTimer !== null && memory.nextTimer <= clock) {
    memory.due = await redis.zrangebyscore(keys.timers, '-inf', String(clock), 'LIMIT', 0, 250);
  }
  memory.undelivered = (values[10] as RawEntry[]).map(outboxEntryOf);
  return memory;
}
