import { PLATFORMS } from '@/server/event-log/records';
import type { FactDraft } from '@/server/streaming/fact-diff';
import { intervalAt } from '@/server/streaming/interval-set';
import { addAmounts, addQuantities, amountText, shareOf, timesQuantity } from './amount';
import {
  ADD,
  type CartEntry,
  type CartLine,
  type CartMachine,
  CHECKOUT,
  heldTime,
  NO_TIME,
  type OpenCart,
  ORDER,
  PAYMENT_FAILED,
  REMOVE,
  type Visit,
} from './customer-state';

/** Receives the facts of a fold, in order. */
export type EmitFact = (fact: FactDraft) => void;

export interface CartSettings {
  cartGapMs: number;
  /** currency of events that name none */
  currency: string;
}

export function emptyMachine(): CartMachine {
  return { open: null, ab: NO_TIME };
}

export function copyMachine(machine: CartMachine): CartMachine {
  const { open, ab } = machine;
  if (open === null) return { open, ab };
  return { open: { ...open, i: open.i.map((line) => [...line] as CartLine) }, ab };
}

/** Value of the cart in the currency of its first add; lines of other currencies stand apart. */
export function cartValue(cart: OpenCart): string {
  return amountText(cartAmount(cart, cart.c));
}

export function cartAmount(cart: OpenCart, currency: string) {
  let sum: CartLine[3] = 0;
  for (const line of cart.i) if (line[1] === currency) sum = addAmounts(sum, line[3]);
  return sum;
}

export function abandonmentOf(cart: OpenCart, gapMs: number): FactDraft {
  return {
    kind: 'cartAbandoned',
    at: cart.l + gapMs,
    amount: cartValue(cart),
    currency: cart.c,
    platform: PLATFORMS[cart.p],
  };
}

/** Closes the open cart if its time has come by `t`: before any event of that time. */
function abandonBy(machine: CartMachine, t: number, gapMs: number, emit: EmitFact): void {
  const { open } = machine;
  if (open === null || open.l + gapMs > t) return;
  emit(abandonmentOf(open, gapMs));
  machine.ab = heldTime(open.l);
  machine.open = null;
}

/** Folds one event into the machine. `visits` tell whether an order is in the visit of an abandonment. */
export function applyCartEntry(
  machine: CartMachine,
  entry: CartEntry,
  visits: readonly Visit[],
  settings: CartSettings,
  emit: EmitFact,
): void {
  const t = entry[0];
  abandonBy(machine, t, settings.cartGapMs, emit);
  if (entry[2] === ADD) {
    add(machine, entry, settings, emit);
    return;
  }
  if (entry[2] === ORDER) {
    order(machine, entry, visits, settings, emit);
    return;
  }
  const { open } = machine;
  if (open === null) return;
  open.l = t;
  open.p = entry[3];
  if (entry[2] === REMOVE) {
    remove(open, entry, settings);
    if (open.i.length > 0) return;
    emit({ kind: 'cartEmptied', at: t, platform: PLATFORMS[entry[3]] });
    machine.open = null;
  } else if (entry[2] === CHECKOUT) {
    if (open.k === NO_TIME) open.k = heldTime(t);
  } else if (entry[2] === PAYMENT_FAILED) {
    if (open.f === 0) open.ff = t;
    open.f += 1;
  }
}

function add(machine: CartMachine, entry: CartEntry, settings: CartSettings, emit: EmitFact): void {
  // By index: taking arrays apart by pattern costs more here than all the rest.
  const t = entry[0];
  const platform = entry[3];
  const item = entry[6] ?? '';
  const quantity = entry[7] ?? 1;
  const title = entry[8] ?? '';
  const currency = entry[5] || settings.currency;
  const amount = timesQuantity(entry[4] ?? 0, quantity);
  const { open } = machine;
  if (open === null) {
    const line: CartLine = [item, currency, quantity, amount, title];
    machine.open = { o: t, l: t, c: currency, i: [line], p: platform, k: NO_TIME, f: 0, ff: 0 };
    emit({ kind: 'cartOpened', at: t, platform: PLATFORMS[platform] });
    return;
  }
  open.l = t;
  open.p = platform;
  for (const line of open.i) {
    if (line[0] !== item || line[1] !== currency) continue;
    line[2] = addQuantities(line[2], quantity);
    line[3] = addAmounts(line[3], amount);
    if (line[4] === '') line[4] = title;
    return;
  }
  open.i.push([item, currency, quantity, amount, title]);
}

/** Takes min(quantity, held) at the line's average price. */
function remove(open: OpenCart, entry: CartEntry, settings: CartSettings): void {
  const [, , , , , named = '', item = '', quantity = 1] = entry;
  const at = heldLine(open, item, named, settings.currency);
  const line = open.i[at];
  if (line === undefined) return;
  const held = line[2];
  if (quantity >= held) {
    open.i.splice(at, 1);
    return;
  }
  const left = addQuantities(held, -quantity);
  line[3] = shareOf(line[3], left, held);
  line[2] = left;
}

/** A removal that names no currency takes from the usual one, else from whichever line holds the item. */
function heldLine(open: OpenCart, item: string, named: string, usual: string): number {
  const exact = open.i.findIndex((line) => line[0] === item && line[1] === (named || usual));
  if (exact >= 0 || named !== '') return exact;
  return open.i.findIndex((line) => line[0] === item);
}

function order(
  machine: CartMachine,
  entry: CartEntry,
  visits: readonly Visit[],
  settings: CartSettings,
  emit: EmitFact,
): void {
  const t = entry[0];
  const fact: FactDraft = {
    kind: 'directOrder',
    at: t,
    amount: amountText(entry[4] ?? 0),
    currency: entry[5] || settings.currency,
    platform: PLATFORMS[entry[3]],
  };
  if (machine.open !== null) {
    machine.open = null;
    fact.kind = 'cartConverted';
  } else if (machine.ab !== NO_TIME && inVisitOf(visits, machine.ab, t)) {
    machine.ab = NO_TIME;
    fact.kind = 'cartRecovered';
  }
  emit(fact);
}

/** No break lies between the two times: the visit that holds `t` had begun by `earlier`. */
function inVisitOf(visits: readonly Visit[], earlier: number, t: number): boolean {
  const visit = visits[intervalAt(visits, t)];
  return visit !== undefined && earlier >= visit[0];
}
