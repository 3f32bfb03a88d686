import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import type { LogRecord } from '@/server/event-log';
import { emptyWorkingSet } from '@/server/processors';
import type { WorkingSet } from '@/server/streaming/partition-step';
import type { ArchivedRecord } from '../recovery/archived-log.repository';
import type { LogProcessor } from '../recovery/partition-replay';

/** Rounds of records that send further records; a person's keys pass few partitions. */
const MOST_HOPS = 64;

/**
 * What a person's events make of each of the person's keys: the pure processors over the partitions those keys live in,
 * with links and transfers delivered at once. Equals the stored states, since a state is a function of the events alone.
 * @param events of all the person's keys, in the order they were logged
 * @returns key → state; absent keys have none
 */
export function replayPerson(
  events: readonly ArchivedRecord[],
  partitions: number,
  processor: LogProcessor,
): Map<string, JsonObject> {
  const sets = new Map<number, WorkingSet>();
  const setOf = (partition: number) => {
    const set = sets.get(partition) ?? emptyWorkingSet(partition, partitions);
    sets.set(partition, set);
    return set;
  };
  for (const { record, position, loggedAt } of events) {
    if (record.k === 'e')
      deliver(setOf, processor, partitionOf(record.c, partitions), record, position, loggedAt);
  }
  const states = new Map<string, JsonObject>();
  for (const set of sets.values())
    for (const [key, state] of set.states) if (state !== null) states.set(key, state);
  return states;
}

function deliver(
  setOf: (partition: number) => WorkingSet,
  processor: LogProcessor,
  partition: number,
  record: LogRecord,
  position: string,
  loggedAt: number,
): void {
  let waiting: { target: number; record: LogRecord }[] = [{ target: partition, record }];
  for (let hop = 0; waiting.length > 0 && hop < MOST_HOPS; hop += 1) {
    const sent: typeof waiting = [];
    for (const one of waiting) {
      const set = setOf(one.target);
      for (const customer of processor.keysOf(one.record).customers)
        if (!set.states.has(customer)) set.states.set(customer, null);
      processor.step(set, one.record, `${position}.${hop}`, loggedAt);
      set.outputs = [];
      for (const out of set.outbox.splice(0)) {
        // As through the log: what was sent is a copy.
        sent.push({ target: out.target, record: structuredClone(out.record) as unknown as LogRecord });
      }
    }
    waiting = sent;
  }
}
