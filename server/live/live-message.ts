import type { DecisionOutput, PartitionAggregates, QueueEntry } from '@/server/streaming/partition-step';

/** What a worker publishes on `live:<shard>` after a commit. */
export interface LiveMessage {
  p: number;
  /** number of the partition's commit */
  seq: number;
  /** ms: time of the newest event in it; `NEVER`: none yet */
  at: number;
  customers: string[];
  queue: [string, QueueEntry | null][];
  decisions: DecisionOutput[];
  agg?: PartitionAggregates;
  /** W3C traceparents of the commit, when traced */
  tp?: string[];
}

/** Reads a message; null when it is not one (a newer worker may speak otherwise: the next read heals it). */
export function parseLiveMessage(text: string): LiveMessage | null {
  let value: Partial<LiveMessage> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (value === null || typeof value !== 'object') return null;
  if (typeof value.p !== 'number' || typeof value.seq !== 'number') return null;
  return {
    p: value.p,
    seq: value.seq,
    at: typeof value.at === 'number' ? value.at : 0,
    customers: value.customers ?? [],
    queue: value.queue ?? [],
    decisions: value.decisions ?? [],
    agg: value.agg,
    ...(Array.isArray(value.tp) ? { tp: value.tp } : {}),
  };
}
