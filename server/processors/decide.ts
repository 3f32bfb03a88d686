import type { CustomerEvent } from '@/server/event-log/records';
import { deniedWithSignals } from './consent-signals';
import type { CustomerState } from './customer-state';
import type { CustomerView } from './customer-view';
import { isHeldOut } from './holdout';
import { ruleCardOf } from './rule-card';
import type { RuleFiring } from './rule-set';
import { isOptedOut, type StepRun } from './step-run';

/**
 * Asks the rules about an event and writes what they decided. Rules know event time only; a rule that fired for the
 * customer rests for its cool-down, forwards and backwards, so that an event out of order does not fire it again. A
 * customer in the holdout gets the decision and the cool-down, so that both arms are counted alike, and nothing else.
 */
export function decide(
  run: StepRun,
  customer: string,
  state: CustomerState,
  view: CustomerView,
  event: CustomerEvent,
): void {
  const { ruleSet, settings } = run.config;
  if (!ruleSet.wants(event.n)) return;
  run.enter('rules');
  const denied = deniedWithSignals(state, run.set.consent.get(customer));
  const card = ruleCardOf(state, view, event.t, settings);
  let taken = false;
  for (const firing of ruleSet.evaluate({ event, card, consent: { denied }, now: event.t })) {
    if (isOptedOut(denied) || denied.includes(firing.purpose)) continue;
    if (isResting(run, customer, firing, event.t)) continue;
    const heldOut = firing.holdout !== undefined && isHeldOut(firing.holdout, customer);
    const position = run.nextPosition();
    rest(run, customer, firing, event.t);
    run.output({
      o: 'decision',
      position,
      customer,
      ruleId: firing.ruleId,
      ruleVersion: firing.ruleVersion,
      purpose: firing.purpose,
      action: firing.action,
      inputs: firing.inputs,
      provisional: true,
      eventAt: event.t,
      decidedAt: run.loggedAt,
      useCaseId: firing.useCaseId ?? null,
      heldOut,
    });
    if (heldOut) continue;
    const { counters } = run.set.aggregates;
    counters.decisions = (counters.decisions ?? 0) + 1;
    // The first firing is the most important one of this event, and newer than what was offered before.
    if (!taken) offer(state, firing, event.t, position);
    taken = true;
  }
}

function offer(state: CustomerState, firing: RuleFiring, t: number, position: string): void {
  state.na = { r: firing.ruleId, v: firing.ruleVersion, p: firing.purpose, a: firing.action, t, d: position };
  if (firing.queue !== undefined) state.na.q = firing.queue.title;
}

function isResting(run: StepRun, customer: string, firing: RuleFiring, now: number): boolean {
  const last = run.set.cooldowns.get(customer)?.[firing.ruleId];
  return last !== undefined && Math.abs(now - last) < firing.coolDownMs;
}

function rest(run: StepRun, customer: string, firing: RuleFiring, now: number): void {
  const { cooldowns, changedCooldowns } = run.set;
  const held = cooldowns.get(customer) ?? {};
  cooldowns.set(customer, { ...held, [firing.ruleId]: Math.max(now, held[firing.ruleId] ?? now) });
  changedCooldowns.add(customer);
}
