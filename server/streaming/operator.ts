/**
 * The shape of a keyed operator. `Kept` is what is stored, a function of the set of the customer's events; `View` is
 * what is derived from it as of a clock and may be thrown away. Nothing here may be asynchronous or read a clock.
 */
export interface KeyedOperator<Kept, Event, View> {
  /** what a customer without events has */
  empty(): Kept;
  /** adds one event in any order; the kept part is changed in place */
  add(kept: Kept, event: Event): void;
  /** union of what two keys of one customer kept; commutative, and may consume both */
  merge(a: Kept, b: Kept): Kept;
  /** what shows as of a clock (event time, ms) */
  view(kept: Kept, clock: number): View;
  /** next event time, ms, at which the view changes without a further event; null: never */
  dueAt(kept: Kept, clock: number): number | null;
}
