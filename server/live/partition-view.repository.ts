import type { Redis } from 'ioredis';
import type { PartitionAggregates, QueueEntry } from '@/server/streaming/partition-step';

/** What the screens keep of a partition. */
export interface PartitionView {
  partition: number;
  /** commits seen so far */
  seq: number;
  queue: Map<string, QueueEntry>;
  aggregates: PartitionAggregates | null;
}

/**
 * Reads partitions as they are now, in one pipeline. The number is read before the content, so that a commit in between
 * is at worst applied twice, never missed.
 */
export async function readPartitionViews(
  logRedis: Redis,
  shardId: number,
  partitions: readonly number[],
): Promise<PartitionView[]> {
  const pipeline = logRedis.pipeline();
  for (const partition of partitions) {
    const tag = `{${shardId}.${partition}}`;
    pipeline.get(`${tag}:seq`);
    pipeline.hvals(`${tag}:queue`);
    pipeline.get(`${tag}:agg`);
  }
  const replies = (await pipeline.exec()) ?? [];
  const failed = replies.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
  return partitions.map((partition, index) => {
    const [seq, entries, aggregates] = replies.slice(index * 3, index * 3 + 3).map(([, value]) => value);
    return {
      partition,
      seq: Number(seq ?? 0),
      queue: queueOf(entries as string[]),
      aggregates: aggregates ? (JSON.parse(String(aggregates)) as PartitionAggregates) : null,
    };
  });
}

function queueOf(entries: readonly string[]): Map<string, QueueEntry> {
  const queue = new Map<string, QueueEntry>();
  for (const text of entries) {
    const entry = JSON.parse(text) as QueueEntry;
    queue.set(entry.customer, entry);
  }
  return queue;
}
