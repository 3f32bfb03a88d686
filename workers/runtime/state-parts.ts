import type { Redis } from 'ioredis';
import type { JsonObject } from '@/server/core/json';
import { valuesOf } from '@/server/core/redis-replies';
import type { LogRecord } from '@/server/event-log';
import { partField, partitionKeys } from '@/server/scaling';
import type { LoadedCustomers } from './customer-loader';
import type { LogProcessor, PartitionBatch } from './partition-batch';

type ProcessorOf = (batch: PartitionBatch) => LogProcessor | undefined;

/** Reads, in one pipeline, the parts that lie beside loaded states and that their batches' records need. */
export async function loadParts(
  redis: Redis,
  batches: readonly PartitionBatch[],
  processorOf: ProcessorOf,
): Promise<void> {
  const wanted = batches.flatMap((batch) => wantedParts(batch, processorOf(batch)));
  if (wanted.length === 0) return;
  const pipeline = redis.pipeline();
  for (const { batch, customer, numbers } of wanted) {
    const { set } = batch.memory;
    const fields = numbers.map((number) => partField(customer, number));
    pipeline.hmget(partitionKeys(set.shardId, set.partition).parts, ...fields);
  }
  const values = valuesOf(await pipeline.exec());
  wanted.forEach(({ batch, customer, numbers }, index) => {
    const texts = values[index] as (string | null)[];
    if (texts.some((text) => text === null)) throw new Error('A part of a state is not in the store.');
    batch.loaded?.parts.set(customer, { numbers, texts: texts as string[] });
  });
}

interface WantedParts {
  batch: PartitionBatch;
  customer: string;
  numbers: number[];
}

function wantedParts(batch: PartitionBatch, processor: LogProcessor | undefined): WantedParts[] {
  if (!processor || !batch.loaded) return [];
  const states = statesToLookInto(batch.loaded, processor, reachesOf(batch, processor));
  if (states.size === 0) return [];
  const records = recordsOf(batch, processor, states);
  const wanted: WantedParts[] = [];
  for (const [customer, text] of states) {
    const state = JSON.parse(text) as JsonObject;
    batch.loaded.read.set(customer, state);
    const numbers = processor.partsFor(state, records.get(customer) ?? []);
    if (numbers.length > 0) wanted.push({ batch, customer, numbers });
  }
  return wanted;
}

/** How far back a batch reaches into what is kept: `whole` of these customers, to `oldest` (ms) of the others at most. */
interface Reaches {
  whole: Set<string>;
  oldest: number;
}

function reachesOf({ entries }: PartitionBatch, processor: LogProcessor): Reaches {
  const reaches: Reaches = { whole: new Set(), oldest: Number.POSITIVE_INFINITY };
  for (const { records } of entries) {
    for (const record of records) {
      const reach = processor.reachOf(record);
      if (reach === Number.NEGATIVE_INFINITY)
        for (const customer of processor.keysOf(record).customers) reaches.whole.add(customer);
      else if (reach < reaches.oldest) reaches.oldest = reach;
    }
  }
  return reaches;
}

function statesToLookInto(
  { customers, states }: LoadedCustomers,
  processor: LogProcessor,
  { whole, oldest }: Reaches,
): Map<string, string> {
  const found = new Map<string, string>();
  for (let at = 0; at < customers.length; at += 1) {
    const text = states[at];
    const customer = customers[at] as string;
    if (!text) continue;
    const reach = whole.has(customer) ? Number.NEGATIVE_INFINITY : oldest;
    if (processor.mayNeedParts(text, reach)) found.set(customer, text);
  }
  return found;
}

/** Records of the batch by those customers that are asked for. */
function recordsOf(
  batch: PartitionBatch,
  processor: LogProcessor,
  asked: ReadonlyMap<string, unknown>,
): Map<string, LogRecord[]> {
  const found = new Map<string, LogRecord[]>();
  for (const { records } of batch.entries) {
    for (const record of records) {
      for (const customer of processor.keysOf(record).customers) {
        if (!asked.has(customer)) continue;
        const own = found.get(customer);
        if (own) own.push(record);
        else found.set(customer, [record]);
      }
    }
  }
  return found;
}

/** Joins loaded parts to the states in the working set. */
export function joinParts({ memory, loaded }: PartitionBatch, processor: LogProcessor): void {
  for (const [customer, { texts }] of loaded?.parts ?? []) {
    const state = memory.set.states.get(customer);
    if (state) processor.joinParts(state, texts);
  }
}

/** Seals parts of the states that changed. Of these states, parts that were brought back are no longer kept beside them. */
export function sealParts({ memory, loaded }: PartitionBatch, processor: LogProcessor): void {
  const { states, changedStates } = memory.set;
  for (const customer of changedStates) {
    for (const number of loaded?.parts.get(customer)?.numbers ?? []) {
      memory.parts.set(partField(customer, number), null);
    }
    const state = states.get(customer);
    if (!state) continue;
    for (const { number, text } of processor.sealParts(state)) {
      memory.parts.set(partField(customer, number), text);
    }
  }
}
