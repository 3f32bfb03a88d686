import { LIVE_WINDOW_MS } from '@/server/core/durations';
import { type CustomerEvent, PLATFORMS } from '@/server/event-log/records';
import type { FactKind } from '@/server/streaming/fact';
import type { FactDraft } from '@/server/streaming/fact-diff';
import type { PartitionAggregates } from '@/server/streaming/partition-step';
import { type Amount, addAmounts, amountText, negateAmount, readAmount } from './amount';
import type { Visit } from './customer-state';
import type { Gauges } from './customer-view';
import { FUNNEL_STEPS } from './funnel-step.schema';
import { reachedStep } from './visits';

/** Name of the counter of each kind of fact. Facts come signed, so that a correction corrects its counter. */
export const FACT_COUNTERS: Record<FactKind, string> = {
  visit: 'visits',
  cartOpened: 'cartsOpened',
  cartConverted: 'cartsConverted',
  cartAbandoned: 'cartsAbandoned',
  cartEmptied: 'cartsEmptied',
  cartRecovered: 'cartsRecovered',
  directOrder: 'directOrders',
  order: 'orders',
  refund: 'refunds',
  late: 'late',
};

const MONEY: Partial<Record<FactKind, string>> = {
  cartAbandoned: 'abandonedValue',
  order: 'revenue',
  refund: 'refunded',
};

export function emptyAggregates(): PartitionAggregates {
  return { at: 0, counters: {}, byPlatform: {}, bySource: {}, gauges: {}, money: {}, funnel: {} };
}

export function count(
  agg: PartitionAggregates,
  counter: string,
  platform: string | undefined,
  by: number,
): void {
  agg.counters[counter] = (agg.counters[counter] ?? 0) + by;
  if (platform === undefined) return;
  let counters = agg.byPlatform[platform];
  if (counters === undefined) {
    counters = {};
    agg.byPlatform[platform] = counters;
  }
  counters[counter] = (counters[counter] ?? 0) + by;
}

export function countEvent(agg: PartitionAggregates, event: CustomerEvent, loggedAt: number): void {
  if (loggedAt > agg.at) agg.at = loggedAt;
  count(agg, 'events', event.pl, 1);
  agg.bySource[event.s] = (agg.bySource[event.s] ?? 0) + 1;
}

/**
 * Counts a fact for the live figures, unless it happened before their window: history that is sent in is no news. Late
 * events are told by when they come.
 */
export function countFact(agg: PartitionAggregates, fact: FactDraft, sign: 1 | -1): void {
  if (fact.at <= agg.at - LIVE_WINDOW_MS && fact.kind !== 'late') return;
  count(agg, FACT_COUNTERS[fact.kind], fact.platform, sign);
  const sum = MONEY[fact.kind];
  if (sum === undefined || fact.amount === undefined || fact.amount === '0') return;
  const amount = readAmount(fact.amount) ?? 0;
  addMoneyTo(agg, sum, fact.currency ?? '', sign === 1 ? amount : negateAmount(amount));
}

function addMoneyTo(agg: PartitionAggregates, sum: string, currency: string, amount: Amount): void {
  agg.money[sum] ??= {};
  const sums = agg.money[sum];
  const held = readAmount(sums[currency] ?? '0') ?? 0;
  sums[currency] = amountText(addAmounts(held, amount));
}

function addGauge(agg: PartitionAggregates, gauge: string, by: number): void {
  if (by !== 0) agg.gauges[gauge] = (agg.gauges[gauge] ?? 0) + by;
}

export function countCustomers(agg: PartitionAggregates, by: 1 | -1): void {
  addGauge(agg, 'customersKnown', by);
}

export function countQueue(agg: PartitionAggregates, by: number): void {
  addGauge(agg, 'queue', by);
}

function funnelOf(agg: PartitionAggregates, step: number): { reached: number; live: number } {
  const name = FUNNEL_STEPS[step] ?? 'visited';
  agg.funnel[name] ??= { reached: 0, live: 0 };
  return agg.funnel[name];
}

export function countStep(agg: PartitionAggregates, step: number, by: 1 | -1): void {
  funnelOf(agg, step).reached += by;
}

export function countVisitSteps(agg: PartitionAggregates, visit: Visit, by: 1 | -1): void {
  for (let step = 0; step < FUNNEL_STEPS.length; step += 1) {
    if (reachedStep(visit, step)) countStep(agg, step, by);
  }
}

/** Replaces what one customer adds to the gauges. */
export function moveGauges(agg: PartitionAggregates, before: Gauges, after: Gauges): void {
  if (before === after) return;
  if (before.live !== after.live) {
    const visits = Number(after.live !== 0) - Number(before.live !== 0);
    addGauge(agg, 'liveVisits', visits);
    addGauge(agg, 'customersLive', visits);
    for (let step = 0; step < FUNNEL_STEPS.length; step += 1) {
      const change = ((after.live >> step) & 1) - ((before.live >> step) & 1);
      if (change !== 0) funnelOf(agg, step).live += change;
    }
  }
  addGauge(agg, 'openCarts', after.carts - before.carts);
  addGauge(agg, 'openContacts', after.contacts - before.contacts);
  addGauge(agg, 'cartsAtRisk', Number(after.riskCurrency !== '') - Number(before.riskCurrency !== ''));
  moveRisk(agg, before, after);
}

function moveRisk(agg: PartitionAggregates, before: Gauges, after: Gauges): void {
  if (before.risk === after.risk && before.riskCurrency === after.riskCurrency) return;
  if (before.riskCurrency === after.riskCurrency) {
    const change = addAmounts(after.risk, negateAmount(before.risk));
    addMoneyTo(agg, 'revenueAtRisk', after.riskCurrency, change);
    return;
  }
  if (before.riskCurrency !== '') {
    addMoneyTo(agg, 'revenueAtRisk', before.riskCurrency, negateAmount(before.risk));
  }
  if (after.riskCurrency !== '') addMoneyTo(agg, 'revenueAtRisk', after.riskCurrency, after.risk);
}

export function platformName(index: number): string {
  return PLATFORMS[index] ?? 'web';
}
