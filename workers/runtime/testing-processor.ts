import { partitionOf } from '@/server/core/partition';
import type { LogRecord } from '@/server/event-log';
import type { PartitionProcessor, WorkingSet } from '@/server/streaming/partition-step';

/** For tests of the runtime: counts events per customer, links keys by transfer, keeps a timer per customer. */
export function countingProcessor(options: { timerAfterMs?: number } = {}): PartitionProcessor<LogRecord> {
  return {
    reachOf: () => Number.POSITIVE_INFINITY,
    mayNeedParts: () => false,
    partsFor: () => [],
    joinParts: () => undefined,
    sealParts: () => [],
    keysOf: (record) => ({
      customers: record.k === 'c' ? [] : [record.k === 'l' || record.k === 't' ? record.to : record.c],
    }),
    step(set, record, position) {
      if (record.k === 'c') {
        set.clock.tick = Math.max(set.clock.tick, record.t);
        return;
      }
      if (record.k === 't') return takeTransfer(set, record);
      if (record.k !== 'e') return;
      if (record.n === 'poison') throw new TypeError('poisoned');
      set.clock.newest = Math.max(set.clock.newest, record.t);
      add(set, record.c, 1);
      set.outputs.push({
        o: 'fact',
        position: `${position}-0`,
        kind: 'visit',
        customer: record.c,
        at: record.t,
        sign: 1,
      });
      if (options.timerAfterMs !== undefined) {
        set.timers.set(record.c, record.t + options.timerAfterMs);
        set.changedTimers.add(record.c);
      }
      if (record.l !== undefined) send(set, record.c, record.l);
    },
    fire(set, customers, position) {
      for (const customer of customers) {
        set.timers.set(customer, null);
        set.changedTimers.add(customer);
        set.outputs.push({
          o: 'fact',
          position: `${position}-0`,
          kind: 'cartAbandoned',
          customer,
          at: 0,
          sign: 1,
        });
      }
    },
  };
}

function add(set: WorkingSet, customer: string, count: number): void {
  const before = Number(set.states.get(customer)?.count ?? 0);
  set.states.set(customer, { count: before + count });
  set.changedStates.add(customer);
  set.aggregates.counters.events = (set.aggregates.counters.events ?? 0) + count;
}

/** Every linked event sends one count over to the other key's partition. */
function send(set: WorkingSet, from: string, to: string): void {
  const target = partitionOf(to, set.partitions);
  const seq = (set.sent.get(target) ?? 0) + 1;
  set.sent.set(target, seq);
  set.outbox.push({
    target,
    record: { k: 't', from, to, state: { count: 100 }, origin: { partition: set.partition, seq, hops: 1 } },
  });
}

function takeTransfer(set: WorkingSet, record: Extract<LogRecord, { k: 't' }>): void {
  const { partition, seq } = record.origin;
  if (seq <= (set.inbox.get(partition) ?? 0)) return;
  set.inbox.set(partition, seq);
  add(set, record.to, Number(record.state?.count ?? 0));
}
