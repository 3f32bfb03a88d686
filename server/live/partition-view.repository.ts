import type { Redis } from 'ioredis';
import { entryTime, offsetKey } from '@/server/event-log';
import type { RecordTimes } from '@/server/observability';
import type { PartitionAggregates, QueueEntry } from '@/server/streaming/partition-step';

/** What the screens keep of a partition. */
export interface PartitionView {
  partition: number;
  /** commits seen so far */
  seq: number;
  queue: Map<string, QueueEntry>;
  aggregates: PartitionAggregates | null;
  /** a tick counts as an event of its time: it closes what was due by then */
  progress: RecordTimes;
}

/** Commands that read one partition. */
const READS = 5;

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
    pipeline.hmget(`${tag}:clock`, 'newest', 'tick');
    pipeline.hget(offsetKey(shardId, partition, 'main'), 'id');
  }
  const replies = (await pipeline.exec()) ?? [];
  const failed = replies.find(([error]) => error);
  if (failed?.[0]) throw failed[0];
  return partitions.map((partition, index) => {
    const [seq, entries, aggregates, clock, offset] = replies
      .slice(index * READS, (index + 1) * READS)
      .map(([, value]) => value);
    return {
      partition,
      seq: Number(seq ?? 0),
      queue: queueOf(entries as string[]),
      aggregates: aggregates ? (JSON.parse(String(aggregates)) as PartitionAggregates) : null,
      progress: progressOf(clock as (string | null)[], offset as string | null),
    };
  });
}

function progressOf(clock: readonly (string | null)[], offset: string | null): RecordTimes {
  const times = clock.flatMap((text) => (text === null ? [] : [Number(text)]));
  return {
    recordAt: offset === null ? null : entryTime(offset),
    newestAt: times.length === 0 ? null : Math.max(...times),
  };
}

function queueOf(entries: readonly string[]): Map<string, QueueEntry> {
  const queue = new Map<string, QueueEntry>();
  for (const text of entries) {
    const entry = JSON.parse(text) as QueueEntry;
    queue.set(entry.customer, entry);
  }
  return queue;
}
