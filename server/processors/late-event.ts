import type { Json } from '@/server/core/json';
import type { CustomerEvent } from '@/server/event-log/records';
import type { FactDraft } from '@/server/streaming/fact-diff';
import { applyEvent, applyPurchase } from './apply-event';
import { type CustomerState, NO_TIME } from './customer-state';
import { viewOf } from './customer-view';
import { ownNewest } from './newest-times';
import type { StepRun } from './step-run';

/**
 * An event later than the allowed lateness: counted and listed with what it would have changed, which is found by a
 * trial on a copy. Orders and refunds still count for the purchases, which have no window.
 */
export function takeLateEvent(
  run: StepRun,
  customer: string,
  state: CustomerState,
  event: CustomerEvent,
): void {
  const { settings } = run.config;
  run.customer = customer;
  run.enter('late');
  const newest = ownNewest(state);
  const { published, corrected } = trial(run, state, event);
  run.output({
    o: 'late',
    position: run.nextPosition(),
    customer,
    messageId: event.id,
    name: event.n,
    eventAt: event.t,
    loggedAt: run.loggedAt,
    latenessMs: newest === NO_TIME ? 0 : Math.max(0, newest - event.t),
    published: { facts: published },
    corrected: { facts: corrected },
  });
  run.fact({ kind: 'late', at: event.t, platform: event.pl }, 1);
  applyPurchase(state, event, settings, run);
  run.set.changedStates.add(customer);
}

function trial(
  run: StepRun,
  state: CustomerState,
  event: CustomerEvent,
): { published: Json[]; corrected: Json[] } {
  const { settings, sentiment } = run.config;
  const copy = structuredClone(state);
  const net = new Map<string, { fact: FactDraft; sum: number }>();
  const sink = {
    enter() {},
    fact(fact: FactDraft, sign: 1 | -1) {
      // Orders and refunds count in any case: they are no part of what was missed.
      if (fact.kind === 'order' || fact.kind === 'refund') return;
      const key = JSON.stringify(fact);
      const entry = net.get(key) ?? { fact, sum: 0 };
      entry.sum += sign;
      net.set(key, entry);
    },
    step() {},
    visitSteps() {},
  };
  applyEvent(copy, viewOf(copy, settings), event, run.clock, settings, sentiment, sink);
  const published: Json[] = [];
  const corrected: Json[] = [];
  for (const { fact, sum } of net.values()) {
    if (sum < 0) published.push({ ...fact } as Json);
    else if (sum > 0) corrected.push({ ...fact } as Json);
  }
  return { published, corrected };
}
