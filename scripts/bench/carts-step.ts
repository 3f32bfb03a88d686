import { MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import type { CustomerEvent } from '@/server/event-log/records';
import { applyCartEntry, emptyMachine } from '@/server/processors/carts';
import type { CartMachine, Visit } from '@/server/processors/customer-state';
import { cartEntryOf } from '@/server/processors/event-reading';
import { seededRandom } from './event-maker';

const SETTINGS = { cartGapMs: 30 * MINUTE_MS, currency: 'USD' };
const CUSTOMERS = 100_000;
const POOL = 200_000;
const STEP_MS = 10;
const WARM_UP_ROUNDS = 3;

/** Views in the load's mix of events; the rest are cart events and orders. */
const SHOP_VIEWS = 0.7;

/** What parsing gives of events, 10 ms apart; customers are as skewed as those of the load, whose mix of events it is. */
function makeRecords(seed: number, views: number): CustomerEvent[] {
  const random = seededRandom(seed);
  return Array.from({ length: POOL }, (_, index) => {
    // Above the views, the rest keeps its proportions.
    const draw = random() < views ? 0 : SHOP_VIEWS + random() * (1 - SHOP_VIEWS);
    const t = 1_772_359_200_000 + index * STEP_MS;
    const id = `bench-${seed}-${index}`;
    const c = `user-${Math.floor(CUSTOMERS * random() ** 3)}`;
    return { k: 'e', id, c, t, r: t, s: 'src_bench', y: 'track', pl: 'web', ...nameOf(draw, random) };
  });
}

function nameOf(draw: number, random: () => number): { n: string; p: JsonObject } {
  const price = (1 + Math.floor(random() * 9_999)) / 100;
  if (draw >= 0.94) return { n: 'Order Completed', p: { total: price } };
  if (draw >= 0.88) return { n: 'Checkout Started', p: { value: price } };
  const product = { product_id: `sku-${Math.floor(random() * 500)}`, name: 'A thing', price, quantity: 1 };
  return { n: draw < SHOP_VIEWS ? 'Product Viewed' : 'Product Added', p: product };
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
 * read, the customer's machine is found, the entry is folded in, facts are handed on. The records were made before, so that
 * neither making nor clearing them away counts; they come round again later in time. The middle of the rounds is told.
 */
export function cartsStepFigures(rounds = 9): CartsStepFigures {
  const mixed = measure(rounds, SHOP_VIEWS);
  const carts = measure(rounds, 0);
  return {
    recordsPerSecond: mixed.perSecond,
    cartRecordsPerSecond: carts.perSecond,
    customers: carts.customers,
  };
}

function measure(rounds: number, views: number): { perSecond: number; customers: number } {
  const machines = new Map<string, CartMachine>();
  const records = makeRecords(7, views);
  const counts = { facts: 0 };
  const rates: number[] = [];
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    const begin = process.cpuUsage();
    stepAll(machines, records, counts);
    const { user, system } = process.cpuUsage(begin);
    if (round >= 0) rates.push(Math.round((POOL / (user + system)) * 1e6));
    for (const record of records) record.t += POOL * STEP_MS;
  }
  if (counts.facts === 0) throw new Error('The carts gave no facts: nothing was measured.');
  rates.sort((a, b) => a - b);
  return { perSecond: rates[rounds >> 1] ?? 0, customers: machines.size };
}

/** No visits are kept: whether an order recovers a cart is asked, and answered no. */
const NO_VISITS: readonly Visit[] = [];

function stepAll(
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
