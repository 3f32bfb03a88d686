import { MINUTE_MS } from '@/server/core/durations';
import type { JsonObject } from '@/server/core/json';
import { partitionOf } from '@/server/core/partition';
import type { CustomerEvent } from '@/server/event-log/records';
import type { WorkingSet } from '@/server/streaming/partition-step';
import { cardOf, createProcessor, lexiconSentiment, NO_RULES, type RuleSet } from './index';
import { PartitionPump } from './partition-pump';

/** Events, partitions and cards for the processors' tests. Times are minutes after START. */
export const START = Date.parse('2026-03-01T10:00:00Z');
export const SETTINGS = {
  visitGapMs: 30 * MINUTE_MS,
  cartGapMs: 30 * MINUTE_MS,
  latenessMs: 10 * MINUTE_MS,
  currency: 'EUR',
};

let lastId = 0;
export function event(
  name: string,
  minute: number,
  p: JsonObject = {},
  more: Partial<CustomerEvent> = {},
): CustomerEvent {
  lastId += 1;
  const t = START + minute * MINUTE_MS;
  return { k: 'e', id: `m${lastId}`, c: 'u', t, r: t, s: 's', y: 'track', n: name, pl: 'web', p, ...more };
}
export const add = (minute: number, p: JsonObject = {}, more: Partial<CustomerEvent> = {}) =>
  event('Product Added', minute, { product_id: 'p1', price: 10, quantity: 1, ...p }, more);

export function pumpOf({
  ruleSet = NO_RULES,
  partitions = 1,
}: {
  ruleSet?: RuleSet;
  partitions?: number;
} = {}) {
  return new PartitionPump(
    createProcessor({ settings: SETTINGS, ruleSet, sentiment: lexiconSentiment, workspaceId: 'w' }),
    partitions,
  );
}

export function run(events: CustomerEvent[], pump = pumpOf()): PartitionPump {
  for (const one of events) {
    pump.append(one);
    pump.drain();
  }
  return pump;
}

export const setOf = (pump: PartitionPump, key: string): WorkingSet =>
  pump.sets[partitionOf(key, pump.sets.length)] as WorkingSet;

export function card(pump: PartitionPump, key = 'u') {
  const set = setOf(pump, key);
  const clock = Math.max(set.clock.newest, set.clock.tick);
  const found = cardOf(key, set.states.get(key) ?? null, set.consent.get(key) ?? null, clock, SETTINGS);
  if (found === null) throw new Error(`no card of ${key}`);
  return found;
}
