import { MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import type { CustomerEvent } from '@/server/event-log/records';
import { createProcessor, emptyWorkingSet, lexiconSentiment, NO_RULES } from '@/server/processors';
import { applyCartEntry, emptyMachine } from '@/server/processors/carts';
import type { CartMachine, Visit } from '@/server/processors/customer-state';
import { cartEntryOf } from '@/server/processors/event-reading';
import type { WorkingSet } from '@/server/streaming/partition-step';

/** Records a second of the carts' step and of the whole step, on one core, from parsed records. Prints one JSON object. */
const CUSTOMERS = Number(process.argv[3] ?? 10_000);
const BATCH = 500;
const SETTINGS = {
  visitGapMs: 30 * MINUTE_MS,
  cartGapMs: 30 * MINUTE_MS,
  latenessMs: 10 * MINUTE_MS,
  currency: 'EUR',
};
const NAMES = [
  'Product Viewed',
  'Product Added',
  'Home',
  'Product Added',
  'Checkout Started',
  'Order Completed',
];

function recordOf(index: number): CustomerEvent {
  const round = Math.floor(index / CUSTOMERS);
  // A multiplicative walk: customers come in no order, each about equally often.
  const customer = (index * 7_919 + round) % CUSTOMERS;
  const name = NAMES[(round + customer) % NAMES.length] ?? 'Home';
  const p: JsonObject =
    name === 'Order Completed'
      ? { total: 19.98 }
      : { product_id: `sku-${index % 500}`, name: 'A thing', price: 9.99, quantity: 1 };
  const id = `${index.toString(16).padStart(8, '0')}-5f3a-4c1e-9d7b-2a6c8e0f1b3d`;
  const t = 1_772_359_200_000 + round * 20_000 + (customer % 1_000);
  return {
    k: 'e',
    id,
    c: `customer-${customer}`,
    t,
    r: t,
    s: 'src_bench',
    y: name === 'Home' ? 'page' : 'track',
    n: name,
    pl: 'web',
    p,
  };
}

/** Processor time of `run` over freshly made batches; making them, and other work on the machine, do not count. */
function measure(total: number, run: (records: readonly CustomerEvent[]) => void): number {
  let micros = 0;
  for (let from = 0; from < total; from += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, index) => recordOf(from + index));
    const begin = process.cpuUsage();
    run(batch);
    const { user, system } = process.cpuUsage(begin);
    micros += user + system;
  }
  return Math.round((total / micros) * 1e6);
}

function cartsRun(): (records: readonly CustomerEvent[]) => void {
  const machines = new Map<string, CartMachine>();
  const visits: Visit[] = [];
  return (records) => {
    for (const record of records) {
      const entry = cartEntryOf(record);
      if (entry === null) continue;
      let machine = machines.get(record.c);
      if (machine === undefined) {
        machine = emptyMachine();
        machines.set(record.c, machine);
      }
      applyCartEntry(machine, entry, visits, SETTINGS, () => undefined);
    }
  };
}

function wholeRun(set: WorkingSet): (records: readonly CustomerEvent[]) => void {
  const processor = createProcessor({
    settings: SETTINGS,
    ruleSet: NO_RULES,
    sentiment: lexiconSentiment,
    workspaceId: 'w',
  });
  return (records) => {
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index] as CustomerEvent;
      processor.step(set, record, `1772359200000-0/${index}`, record.t);
    }
    const clock = set.clock.newest;
    const due = [...set.changedStates].filter((customer) => (set.timers.get(customer) ?? clock + 1) <= clock);
    if (due.length > 0) processor.fire(set, due, '1772359200000-0/t');
    set.outputs.length = 0;
    set.outbox.length = 0;
    for (const changed of [set.changedStates, set.changedQueue, set.changedTimers]) changed.clear();
  };
}

const total = Number(process.argv[2] ?? 200_000);
measure(100_000, cartsRun());
measure(50_000, wholeRun(emptyWorkingSet()));
const cartsPerSecond = measure(total, cartsRun());
const set = emptyWorkingSet();
const stepPerSecond = measure(total, wholeRun(set));
const sizes = [...set.states.values()].map((state) => JSON.stringify(state).length).sort((a, b) => a - b);
const figures = {
  records: total,
  customers: CUSTOMERS,
  cartsPerSecond,
  stepPerSecond,
  stepMicroseconds: Number((1e6 / stepPerSecond).toFixed(2)),
  stateBytes: { median: sizes[sizes.length >> 1], p99: sizes[Math.floor(sizes.length * 0.99)] },
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
