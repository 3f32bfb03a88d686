import type { Redis } from 'ioredis';
import type { DecisionOutput, OutputRecord } from '@/server/streaming/partition-step';
import type { PartitionMemory } from './partition-memory';

/** Aggregates of a partition travel at most four times a second. */
export const AGGREGATES_EVERY_MS = 250;

/**
 * The message of a commit (ADR 5). To be made before the memory is settled.
 * @param now ms of processing time
 * @param traces W3C traceparents of the commit; undefined when nothing is traced
 */
export function pushOf(memory: PartitionMemory, sequence: number, now: number, traces?: string[]): string {
  const { set } = memory;
  const withAggregates = now - memory.aggregatesPushedAt >= AGGREGATES_EVERY_MS;
  if (withAggregates) memory.aggregatesPushedAt = now;
  memory.aggregatesDirty = !withAggregates;
  return JSON.stringify({
    p: set.partition,
    seq: sequence,
    at: set.clock.newest,
    customers: [...set.changedStates],
    queue: [...set.changedQueue].map((customer) => [customer, set.queue.get(customer) ?? null]),
    decisions: decisionsOf(set.outputs),
    ...(withAggregates ? { agg: set.aggregates } : {}),
    tp: traces,
  });
}

/** Aggregates that a former message left out; it repeats that message's number. Null while it is not time yet. */
export function trailingPushOf(memory: PartitionMemory, now: number): string | null {
  if (!memory.aggregatesDirty || now - memory.aggregatesPushedAt < AGGREGATES_EVERY_MS) return null;
  memory.aggregatesPushedAt = now;
  memory.aggregatesDirty = false;
  const { set } = memory;
  return JSON.stringify({
    p: set.partition,
    seq: Number(memory.sequence),
    at: set.clock.newest,
    customers: [],
    queue: [],
    decisions: [],
    agg: set.aggregates,
  });
}

function decisionsOf(outputs: readonly OutputRecord[]): DecisionOutput[] {
  const found: DecisionOutput[] = [];
  for (const output of outputs) {
    if (output.o !== 'decision') continue;
    const { o: _kind, ...decision } = output;
    found.push(decision);
  }
  return found;
}

/** Messages to screens. Never waited for: a lost one shows as a gap, and is read again from the store. */
export function publishLive(
  queueRedis: Redis,
  messages: readonly (readonly [shardId: number, text: string])[],
): void {
  if (messages.length === 0 || queueRedis.status !== 'ready') return;
  const pipeline = queueRedis.pipeline();
  for (const [shardId, text] of messages) pipeline.publish(`live:${shardId}`, text);
  pipeline.exec().catch(() => undefined);
}
