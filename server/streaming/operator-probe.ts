/**
 * Follows an event from operator to operator. The runtime implements it and may read a clock; the step may not, and
 * nothing it computes depends on the probe.
 */
export interface OperatorProbe<Operator extends string = string> {
  /** Whether the event that comes now is followed: a sample is enough. */
  wants(): boolean;
  /** An operator takes the followed event over from the one before. */
  enter(operator: Operator): void;
  /** The followed event is done with. */
  leave(): void;
}
