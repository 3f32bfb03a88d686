import type { Redis } from 'ioredis';
import type { JsonObject } from '@/server/core/json';
import { valuesOf } from '@/server/core/redis-replies';
import { partitionKeys } from '@/server/scaling';
import type { QueueEntry, WorkingSet } from '@/server/streaming/partition-step';
import { loadScript } from './load-script';
import type { PartitionBatch } from './partition-batch';

type Texts = (string | null)[];
/** Index of a customer, value, … */
type Sparse = (string | number)[];

/** Customers of a batch as the store holds them: text, so that what is parsed lives only while its batch is stepped. */
export interface LoadedCustomers {
  customers: string[];
  states: Texts;
  /** of these states, those that had to be looked into already */
  read: Map<string, JsonObject>;
  /** redirects, queue entries, cool-downs, timers */
  rest: Sparse[];
  /** texts of the parts, kept beside their states, that the batch's records need; for few customers any */
  parts: Map<string, { numbers: number[]; texts: string[] }>;
}

/** Reads the customers of many partitions' batches, in one pipeline a connection. */
export async function loadCustomers(
  readers: readonly Redis[],
  batches: readonly PartitionBatch[],
): Promise<void> {
  const wanted = batches.filter((batch) => batch.customers.size > 0);
  await Promise.all(evenShares(wanted, readers).map(([reader, share]) => loadShare(reader, share)));
}

/** The largest batch first, each to the connection that has least to read. */
function evenShares(
  batches: readonly PartitionBatch[],
  readers: readonly Redis[],
): [Redis, PartitionBatch[]][] {
  const shares = readers.map((reader) => ({ reader, size: 0, batches: [] as PartitionBatch[] }));
  for (const batch of batches.toSorted((a, b) => b.customers.size - a.customers.size)) {
    const least = shares.reduce((a, b) => (b.size < a.size ? b : a));
    least.size += batch.customers.size;
    least.batches.push(batch);
  }
  return shares.filter(({ size }) => size > 0).map(({ reader, batches: share }) => [reader, share]);
}

async function loadShare(redis: Redis, wanted: readonly PartitionBatch[]): Promise<void> {
  const pipeline = redis.pipeline();
  for (const { memory, customers } of wanted) {
    const { state, redirects, queue, cooldowns, timers } = partitionKeys(
      memory.set.shardId,
      memory.set.partition,
    );
    pipeline.hmget(state, ...customers);
    pipeline.evalsha(loadScript.sha, 4, redirects, queue, cooldowns, timers, ...customers);
  }
  const values = valuesOf(await pipeline.exec());
  wanted.forEach((batch, index) => {
    batch.loaded = {
      customers: [...batch.customers],
      states: values[2 * index] as Texts,
      read: new Map(),
      rest: values[2 * index + 1] as Sparse[],
      parts: new Map(),
    };
  });
}

/** Brings loaded customers into the working set. Those the store does not know are remembered as absent. */
export function learnCustomers(set: WorkingSet, { customers, states, read, rest }: LoadedCustomers): void {
  const [redirects = [], queue = [], cooldowns = [], timers = []] = rest;
  customers.forEach((customer, at) => {
    const text = states[at];
    set.states.set(customer, text ? (read.get(customer) ?? (JSON.parse(text) as JsonObject)) : null);
  });
  fill(set.redirects, customers, redirects, String);
  fill(set.queue, customers, queue, (text) => JSON.parse(String(text)) as QueueEntry);
  fill(set.cooldowns, customers, cooldowns, (text) => JSON.parse(String(text)) as Record<string, number>);
  fill(set.timers, customers, timers, Number);
}

function fill<T>(
  into: Map<string, T | null>,
  customers: readonly string[],
  sparse: Sparse,
  read: (value: string | number) => T,
): void {
  for (let at = 0; at < sparse.length; at += 2) {
    into.set(customers[sparse[at] as number] as string, read(sparse[at + 1] as string));
  }
}
