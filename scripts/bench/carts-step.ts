import { MINUTE_MS } from '@/server/core/durations';
import type { CustomerEvent } from '@/server/event-log/records';
import { applyCartEntry, emptyMachine } from '@/server/processors/carts';
import type { CartMachine, Visit } from '@/server/processors/customer-state';
import { cartEntryOf } from '@/server/processors/event-reading';
import { seededRandom } from './event-maker';

const SETTINGS = { cartGapMs: 30 * MINUTE_MS, currency: 'USD' };
const CUSTOMERS = 100_000;
const BATCH = 500;
const WARM_UP = 300_000;
const ROUNDS = 5;

/** Views in the load's mix of events; the rest are cart events and orders. */
const SHOP_VIEWS = 0.7;

/** What parsing gives of one event; customers are as skewed as those of the load, whose mix of events it is. */
function recordMaker(seed: number, views: number): (index: number) => CustomerEvent {
  const random = seededRandom(seed);
  return (index) => {
    // Above the views, the rest keeps its proportions.
    const draw = random() < views ? 0 : SHOP_VIEWS + random() * (1 - SHOP_VIEWS);
    const price = (1 + Math.floor(random() * 9_999)) / 100;
    const customer = Math.floor(CUSTOMERS * random() ** 3);
    const product = { product_id: `sku-${Math.floor(random() * 500)}`, name: 'A thing', price, quantity: 1 };
    const [n, p] =
      draw < SHOP_VIEWS
        ? ['Product Viewed', product]
        : draw < 0.88
          ? ['Product Added', product]
          : draw < 0.94
            ? ['Checkout Started', { value: price }]
            : ['Order Completed', { total: price }];
    const at = 1_772_359_200_000 + index * 10;
    const id = `bench-${seed}-${index}`;
    return { k: 'e', id, c: `user-${customer}`, t: at, r: at, s: 'src_bench', y: 'track', n, pl: 'web', p };
  };
}

export interface CartsStepFigures {
  /** of the shop's mix, in which three of ten records are cart events or orders */
  recordsPerSecond: number;
  /** when every record is one */
  cartRecordsPerSecond: number;
  customers: number;
}

/**
 * Records a second that the step of the topology *carts* takes on one core, from records as parsing gives them: the record is
 * read, the customer's machine is found, the entry is folded in, facts are handed on. Making the records does not count;
 * the middle of five rounds is told.
 */
export function cartsStepFigures(records = 1_000_000): CartsStepFigures {
  const mixed = measure(records, SHOP_VIEWS);
  const carts = measure(records, 0);
  return {
    recordsPerSecond: mixed.perSecond,
    cartRecordsPerSecond: carts.perSecond,
    customers: carts.customers,
  };
}

function measure(records: number, views: number): { perSecond: number; customers: number } {
  const machines = new Map<string, CartMachine>();
  const make = recordMaker(7, views);
  let index = 0;
  const batch = () => Array.from({ length: BATCH }, () => make(index++));
  const counts = { facts: 0 };
  for (let done = 0; done < WARM_UP; done += BATCH) stepBatch(machines, batch(), counts);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    let micros = 0;
    for (let done = 0; done < records / ROUNDS; done += BATCH) {
      const made = batch();
      const begin = process.cpuUsage();
      stepBatch(machines, made, counts);
      const { user, system } = process.cpuUsage(begin);
      micros += user + system;
    }
    rates.push(Math.round((records / ROUNDS / micros) * 1e6));
  }
  if (counts.facts === 0) throw new Error('The carts gave no facts: nothing was measured.');
  rates.sort((a, b) => a - b);
  return { perSecond: rates[ROUNDS >> 1] ?? 0, customers: machines.size };
}

/** No visits are kept: whether an order recovers a cart is asked, and answered no. */
const NO_VISITS: readonly Visit[] = [];

function stepBatch(
  machines: Map<string, CartMachine>,
  records: readonly CustomerEvent[],
  counts: { facts: number },
): void {
  const emit = () => {
    counts.facts += 1;
  };
  for (const record of records) {
    const entry = cartEntryOf(record);
    if (entry === null) continue;
    let machine = machines.get(record.c);
    if (machine === undefined) {
      machine = emptyMachine();
      machines.set(record.c, machine);
    }
    applyCartEntry(machine, entry, NO_VISITS, SETTINGS, emit);
  }
}
