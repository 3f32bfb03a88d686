import type { Pane } from './pane';
import type { Timer } from './timer-heap';
import type { Progress } from './watermarks';
import type { WindowAssigner } from './window-assigner';
import type { Span } from './window-shape';

/**
 * How values are folded. Accumulators and results are plain JSON and never changed in place. A sum over signed values is
 * right only where `merge` is that of a group: counts and sums are, minima are for values that are never taken back.
 */
export interface Aggregate<V, A, R> {
  empty(): A;
  add(acc: A, value: V): A;
  merge(a: A, b: A): A;
  /** whether everything in it was taken back */
  isEmpty(acc: A): boolean;
  result(acc: A): R;
}

/**
 * What becomes of a record that comes after its window is final.
 * - `discard`: it is dropped, and said to be.
 * - `sideOutput`: the window stays as published; the late list says what it would have been.
 * - `correct`: what was published is taken back and published anew.
 * A window's value is kept `keepMs` of event time after it is final, to say so or to do so; later records have `expired`.
 */
export type LatePolicy =
  | { kind: 'discard' }
  | { kind: 'sideOutput'; keepMs: number }
  | { kind: 'correct'; keepMs: number };

export interface WindowedAggregateConfig<V, A, R> {
  assigner: WindowAssigner;
  /** how long after a window closed a record still corrects it, ms */
  latenessMs: number;
  latePolicy: LatePolicy;
  aggregate: Aggregate<V, A, R>;
}

export type WindowInput<V> =
  | { k: 'record'; partition: string; offset: number; key: string; at: number; value: V }
  /** no record of the partition before `at` is expected any more */
  | { k: 'watermark'; partition: string; at: number }
  /** a logged tick of a drained partition: as the clock stands at `at`, it holds nobody back */
  | { k: 'idle'; partition: string; at: number }
  /** what is due by `at` happens now, whatever watermarks say */
  | { k: 'timer'; at: number };

/** A change of what is published, or the word that it changes no more (without a late correction). */
export interface WindowOutput<R> extends Span {
  k: 'published' | 'final';
  key: string;
  /** -1 takes back */
  sign: 1 | -1;
  result: R;
}

export interface LateRecord<R> extends Span {
  key: string;
  partition: string;
  offset: number;
  at: number;
  /** behind the watermark, ms */
  latenessMs: number;
  fate: 'discarded' | 'aside' | 'corrected' | 'expired';
  /** null: nothing was published, or it is no longer known */
  published: R | null;
  /** null: not known */
  corrected: R | null;
}

export interface KeyState<A, R> {
  /** earliest timer in the heap; timers that are no longer needed fire and find nothing */
  timer: number | null;
  panes: Pane<A, R>[];
}

/** Plain JSON. */
export interface WindowState<A, R> {
  progress: Progress;
  /** event time up to which everything due has happened, ms */
  clock: number;
  timers: Timer[];
  keys: Record<string, KeyState<A, R>>;
}

export interface WindowStep<A, R> {
  state: WindowState<A, R>;
  outputs: WindowOutput<R>[];
  late: LateRecord<R>[];
  /** event time at which something is due next, ms, at most one a key */
  timers: Timer[];
}
