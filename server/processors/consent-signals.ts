import type { ConsentFlags } from '@/server/core/consent-flags';
import type { CustomerState } from './customer-state';
import type { StepRun } from './step-run';

/** The newest signal of a kind: its event time, and the purposes it denies, in order; none when it allows all. */
export type HeldSignal = [t: number, ...denied: string[]];
/** By kind. That a signal allows is kept as well: an older denial that comes after it must find it. */
export type HeldSignals = Record<string, HeldSignal>;

type Allowed = ConsentFlags['w'];

/**
 * Of two signals of a kind the newer stands; of the same instant both deny. So it does not matter in which order signals
 * come, nor by way of which keys.
 */
function newerOf(one: HeldSignal | undefined, other: HeldSignal): HeldSignal {
  if (one === undefined || other[0] > one[0]) return other;
  if (one[0] > other[0]) return one;
  const [t, ...denied] = one;
  const [, ...others] = other;
  return [t, ...[...new Set([...denied, ...others])].sort()];
}

/** What a signal denies that the person has not allowed since. */
function inForce(signal: HeldSignal | undefined, allowed: Allowed): string[] {
  if (signal === undefined) return [];
  const [t, ...denied] = signal;
  return allowed === undefined
    ? denied
    : denied.filter((purpose) => (allowed[purpose] ?? Number.NEGATIVE_INFINITY) < t);
}

/** Kinds of signals that deny something now, each with what. */
export function denyingSignals(
  signals: HeldSignals | undefined,
  flags: ConsentFlags | null | undefined,
): [kind: string, denied: string[]][] {
  if (signals === undefined) return [];
  return Object.entries(signals).flatMap(([kind, signal]): [string, string[]][] => {
    const denied = inForce(signal, flags?.w);
    return denied.length === 0 ? [] : [[kind, denied]];
  });
}

/** What is denied for a customer: by the flags, and by signals that the record does not know of yet. */
export function deniedWithSignals(
  { sg }: Pick<CustomerState, 'sg'>,
  flags: ConsentFlags | null | undefined,
): readonly string[] {
  const denied = flags?.denied ?? [];
  if (sg === undefined) return denied;
  return [...new Set([...denied, ...denyingSignals(sg, flags).flatMap(([, purposes]) => purposes)])];
}

/**
 * Takes signals of a customer: from here on what they deny is denied, for the event that brought them as well. Only where
 * that changes something the record is told, which may then allow again what the same kind had denied before.
 */
export function takeSignals(
  run: StepRun,
  customer: string,
  state: CustomerState,
  signals: HeldSignals,
): void {
  const flags = run.set.consent.get(customer);
  const held: HeldSignals = { ...state.sg };
  for (const [kind, signal] of Object.entries(signals)) {
    const before = held[kind];
    const now = newerOf(before, signal);
    held[kind] = now;
    // Of a state that was forgotten the record may know denials which this takes back.
    const mayBeKnown = before === undefined && flags != null && flags.denied.length > 0;
    if (!mayBeKnown && inForce(before, flags?.w).join() === inForce(now, flags?.w).join()) continue;
    const [at, ...denied] = now;
    run.output({ o: 'signal', position: run.nextPosition(), customer, kind, denied, at });
  }
  state.sg = held;
  run.set.changedStates.add(customer);
  if (state.na !== undefined && deniedWithSignals(state, flags).includes(state.na.p)) state.na = undefined;
}

/** Signals as an event carries them, with its time. */
export function signalsAt(signals: Record<string, string[]>, t: number): HeldSignals {
  return Object.fromEntries(
    Object.entries(signals).map(([kind, denied]) => [kind, [t, ...denied.toSorted()] as HeldSignal]),
  );
}
