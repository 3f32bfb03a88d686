import type { CustomerEvent } from '@/server/event-log/records';
import type { SealedPart, StreamSettings } from '@/server/streaming/partition-step';
import { bufferLength, bufferStart, firstTimes, PART_ENTRIES, timesText } from './cart-buffer';
import { cartEntries } from './cart-text';
import { applyCartEntry, copyMachine } from './carts';
import type { CustomerState } from './customer-state';
import { foldBase, forgetFacts, MAX_BUFFERED, settledAsOf } from './customer-view';
import { entryCount, entryStart, joinTexts, timeAt } from './entry-text';

/*
 * A busy customer's cart buffer holds up to 2,000 entries, of which an event in order needs only the last. The older
 * ones are sealed into parts of a fixed size that are kept beside the state, each written once; the state carries the
 * machine as it stands after them. Parts are brought back whole when an event falls among them, and one by one at the
 * head, where entries are settled. Nothing of what a customer's events come to depends on where parts were cut.
 */
/** Entries that stay in the state, so that events which swap places by a moment need no part. */
const LEAST_UNSEALED = 8;
/** Entries in the state from which on the oldest are sealed. */
const SEAL_AT = PART_ENTRIES + LEAST_UNSEALED;

/** Stands in the text of every state that has parts of its cart beside it, and seldom in another. */
const MARK = '"sl":{';

export function mayNeedCartParts(text: string): boolean {
  return text.includes(MARK);
}

/** Numbers of all cart parts of a customer. */
export function cartPartNumbers({ sl }: CustomerState): number[] {
  if (sl === undefined) return [];
  return firstTimes(sl).map((_, at) => sl.f + at);
}

/**
 * The parts that a customer's events need: all when one of them falls among the sealed entries or when some may be settled
 * by age, else those at the head that may be settled by number, rather one too many.
 */
export function cartPartsFor(
  state: CustomerState,
  events: readonly CustomerEvent[],
  settings: StreamSettings,
): number[] {
  const { sl, hd = '' } = state;
  if (sl === undefined) return [];
  let [newest, oldest] = [state.n, Number.POSITIVE_INFINITY];
  for (const { t } of events) {
    if (t > newest) newest = t;
    if (t < oldest) oldest = t;
  }
  const asOf = settledAsOf(newest);
  const isDue = asOf > settledAsOf(state.n) || oldest <= asOf;
  if (oldest <= sl.l || (isDue && bufferStart(state) < asOf - settings.latenessMs))
    return cartPartNumbers(state);
  const times = firstTimes(sl);
  const excess = bufferLength(state) + events.length - MAX_BUFFERED;
  const byNumber = Math.ceil((excess + 1 - entryCount(hd)) / PART_ENTRIES);
  const count = Math.min(times.length, Math.max(0, byNumber));
  return times.slice(0, count).map((_, at) => sl.f + at);
}

/** Brings parts back, oldest first, as `cartPartsFor` or `cartPartNumbers` named them. */
export function joinCartParts(state: CustomerState, texts: readonly string[]): void {
  const { sl } = state;
  if (sl === undefined || texts.length === 0) return;
  forgetFacts(state);
  const times = firstTimes(sl).slice(texts.length);
  const head = texts.reduce(joinTexts, state.hd ?? '');
  if (times.length === 0) {
    state.cb = joinTexts(head, state.cb);
    state.hd = undefined;
    state.sl = undefined;
  } else {
    state.hd = head;
    state.sl = { ...sl, f: sl.f + texts.length, t: timesText(times) };
  }
}

/** Seals the oldest entries of a long buffer. @returns the parts to be written */
export function sealCartParts(state: CustomerState, settings: StreamSettings): SealedPart[] {
  let left = entryCount(state.cb);
  if (left < SEAL_AT) return [];
  forgetFacts(state);
  const machine = copyMachine(foldBase(state));
  const times = state.sl === undefined ? [] : firstTimes(state.sl);
  const first = state.sl?.f ?? 0;
  const parts: SealedPart[] = [];
  let last = 0;
  for (; left >= SEAL_AT; left -= PART_ENTRIES) {
    const start = entryStart(state.cb, PART_ENTRIES);
    const text = state.cb.slice(0, start - 1);
    state.cb = state.cb.slice(start);
    for (const entry of cartEntries(text)) {
      applyCartEntry(machine, entry, state.vs, settings, () => undefined);
      last = entry[0];
    }
    parts.push({ number: first + times.length, text });
    times.push(timeAt(text, 0));
  }
  state.sl = { f: first, t: timesText(times), l: last, m: machine };
  return parts;
}
