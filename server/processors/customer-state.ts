import type { JsonObject } from '@/server/core/json';
import type { Amount } from './amount';
import type { CartText } from './cart-text';
import type { HeldSignals } from './consent-signals';
import type { ContextText } from './context-text';

/**
 * What is kept of one customer: a function of the set of the customer's events (but for `pc` and `na`, which follow
 * the clock and decisions). One or two letters a key and arrays for what repeats, because every live customer's state
 * is written with every batch that touches it. This file is the one place that says what each position means.
 */

/**
 * A time that may be missing: 0 is none. The instant 0 (1970-01-01) is kept as the least of all numbers, which sums with
 * and comparisons to whole milliseconds take for 0: no time needs more room, and states written before mean what they meant.
 */
export type TimeOrNone = number;
export const NO_TIME: TimeOrNone = 0;

/** An instant as it is kept where it may be missing. */
export function heldTime(t: number): TimeOrNone {
  return t === 0 ? Number.MIN_VALUE : t;
}

/** The instant of a time that is not missing. */
export function instantOf(time: TimeOrNone): number {
  return Math.trunc(time);
}

/** Index into PLATFORMS of the event log's records. */
export type PlatformIndex = number;

/**
 * One visit. `last` is the time of its last event; the four steps are the first time each was reached as ms after
 * `start` plus 1, or 0 while it was not (so the first event itself is 1).
 */
export type Visit = [
  start: number,
  last: number,
  events: number,
  platform: PlatformIndex,
  viewed: number,
  added: number,
  checkout: number,
  ordered: number,
];
export const STEP_AT = 4;

/** What a buffered cart event does. */
export const ADD = 0;
export const REMOVE = 1;
export const VIEW = 2;
export const CHECKOUT = 3;
export const PAYMENT_FAILED = 4;
export const ORDER = 5;
export type CartKind = 0 | 1 | 2 | 3 | 4 | 5;

/** A buffered cart event. The members after `platform` are there for an add, a removal (item) and an order (amount). */
export type CartEntry = [
  t: number,
  id: string,
  kind: CartKind,
  platform: PlatformIndex,
  /** price of one, or total of an order */
  amount?: Amount,
  /** '' when the event named none */
  currency?: string,
  item?: string,
  quantity?: number,
  /** '' when it is the item itself */
  title?: string,
];

export type CartLine = [item: string, currency: string, quantity: number, amount: Amount, title: string];

export type OpenCart = {
  /** opened at */
  o: number;
  /** last cart event */
  l: number;
  /** currency of the first add */
  c: string;
  i: CartLine[];
  /** platform of the last cart event */
  p: PlatformIndex;
  /** first `Checkout Started` */
  k: TimeOrNone;
  /** payments failed, and when first: means nothing while none did */
  f: number;
  ff: number;
};

/** The cart machine: the open cart, and the last cart event of the last abandoned and not recovered cart. */
export type CartMachine = { open: OpenCart | null; ab: TimeOrNone };

/** Outcomes already settled, in the order of CART_OUTCOMES. */
export type CartCounts = [number, number, number, number, number, number];

/** One of the last 20 events: name is an index into KNOWN_NAMES, or text (`/` page, `#` screen, `~` other types). */
export type ContextEntry = [
  t: number,
  id: string,
  name: number | string,
  platform: PlatformIndex,
  item?: string,
  amount?: Amount,
  /** absent when the event named none, and in states of before currencies were kept here */
  currency?: string,
];

export type Trait = [value: string | number | boolean, t: number];

/**
 * A final turn. Agent turns have no score; turns further back than the last 60 keep no text. `model` is the edition of the
 * sentiment model that read it: none of an agent's turn, nor of one read before editions were kept.
 */
export type Turn = [
  beginMs: number,
  turnId: string,
  /** 1 customer, 0 agent */
  who: 0 | 1,
  t: number,
  id: string,
  text: string,
  score: number,
  confidence: number,
  triggers: string[],
  ...model: string[],
];

export type Contact = {
  id: string;
  /** 1 call, 0 chat */
  call: 0 | 1;
  /** first and last event */
  s: number;
  l: number;
  /** ended at */
  e: TimeOrNone;
  tu: Turn[];
};

/** Orders: count, last order (of none it means nothing), sum per currency; refunds are in the sums and counted last. */
export type Purchases = { o: number; l: number; m: Record<string, Amount>; r: number };

/** The action last offered. */
export type OfferedAction = {
  r: string;
  v: number;
  p: string;
  a: JsonObject;
  t: number;
  d: string;
  /** queue title; absent: not queued */
  q?: string;
};

/** What of the cart buffer is kept in parts beside the state (see `sealed-carts.ts`). */
export type SealedCarts = {
  /** number of the first part */
  f: number;
  /** first times of the parts, as text */
  t: string;
  /** time of the last sealed entry, ms */
  l: number;
  /** the machine after it */
  m: CartMachine;
};

export type CustomerState = {
  /** newest event time of all keys; of no events it means nothing */
  n: number;
  /** newest event time of this key's own events when it differs from `n`: lateness is judged by it */
  w?: TimeOrNone;
  /** first seen */
  f: number;
  /** events in time */
  e: number;
  /** visits; `vd`: visits dropped from the list, their facts final */
  vs: Visit[];
  vd?: number;
  /** cart buffer, the machine after its last entry (absent: the buffer is empty), before the clock closes anything */
  cb: CartText;
  ca?: CartMachine;
  /** of a long buffer: what stands before `cb` in parts, and before these the entries of a part that was opened */
  sl?: SealedCarts;
  hd?: CartText;
  /** settled machine, time of the last settled entry, settled outcomes */
  cm?: CartMachine;
  cs?: number;
  cc?: CartCounts;
  /** last 20 events; `xs`: older ones of them stand in chunks, newest time and number of these (see `sealed-context.ts`) */
  cx: ContextText;
  xs?: string;
  tr?: Record<string, Trait>;
  rf?: Purchases;
  ct?: Contact[];
  /** keys merged into this one, and keys asked to come */
  lk?: string[];
  la?: string[];
  /** clock as of which facts and gauges were last published; `x`: gauges are withdrawn while opted out */
  pc: number;
  x?: 1;
  na?: OfferedAction;
  /** consent signals, the newest of each kind */
  sg?: HeldSignals;
  /** cool-downs on their way with a transfer */
  cd?: Record<string, number>;
};

/**
 * What stays where a key was moved away: lateness of its further events is judged here. `o`: other customers it was seen
 * with since; its history went to the first, but an opt-out covers them all.
 */
export type MovedState = { m: string; w: TimeOrNone; o?: string[] };

export function isMoved(state: JsonObject | CustomerState | MovedState): state is MovedState {
  return typeof (state as { m?: unknown }).m === 'string';
}

export function emptyState(): CustomerState {
  return shaped({ n: 0, f: 0, e: 0, vs: [], cb: '', cx: '', pc: 0 });
}

/**
 * The same state with every member present, so that all states in memory are of one shape, which the machine reads fast.
 * Members that are undefined are not written.
 */
export function shaped(state: CustomerState): CustomerState {
  return {
    n: state.n,
    w: state.w,
    f: state.f,
    e: state.e,
    vs: state.vs,
    vd: state.vd,
    cb: state.cb,
    ca: state.ca,
    sl: state.sl,
    hd: state.hd,
    cm: state.cm,
    cs: state.cs,
    cc: state.cc,
    cx: state.cx,
    xs: state.xs,
    tr: state.tr,
    rf: state.rf,
    ct: state.ct,
    lk: state.lk,
    la: state.la,
    pc: state.pc,
    x: state.x,
    na: state.na,
    sg: state.sg,
    cd: state.cd,
  };
}

/** Of two times the later. */
export function laterOf(a: TimeOrNone, b: TimeOrNone): TimeOrNone {
  if (a === NO_TIME) return b;
  if (b === NO_TIME) return a;
  return Math.max(a, b);
}
