import { DAY_MS } from '@/server/core/durations';
import { readState, standingOf } from '@/server/processors';

/** Kinds of state that can leave by age. */
export const EXPIRING_KINDS = ['customers', 'cooldowns'] as const;
export type ExpiringKind = (typeof EXPIRING_KINDS)[number];

/** What a removal by age does, or would do. */
export interface ExpiryCount {
  keys: number;
  /** texts and their keys, without what the store adds */
  bytes: number;
  /** customers among them whose visit still runs */
  activeVisits: number;
}

export interface ExpiryRules {
  /** days of silence by event time; null: never */
  inactiveDays: number | null;
  cooldownDays: number | null;
  /** clock of the partition: its newest event time, or the last tick, ms */
  clock: number;
  visitGapMs: number;
}

export interface StoredCustomer {
  customer: string;
  state: string | null;
  hasTimer: boolean;
  isQueued: boolean;
  cooldowns: string | null;
}

/**
 * Whether a customer's state may leave by age: silent long enough, with nothing waiting for it, and nothing in it that must
 * outlast silence. Then every fact of it is final, and a return begins anew without changing any: orders (RFM), linked
 * keys and contacts that never ended keep a state for ever.
 */
export function isInactive({ state, hasTimer, isQueued }: StoredCustomer, rules: ExpiryRules): boolean {
  if (rules.inactiveDays === null || state === null || hasTimer || isQueued) return false;
  const { newest, lasting } = standingOf(readState(state));
  return !lasting && (newest === null || newest < rules.clock - rules.inactiveDays * DAY_MS);
}

/** Whether every promotion's cool-down of a customer ended that long ago. Rules rest in event time. */
export function isRested({ cooldowns }: StoredCustomer, { cooldownDays, clock }: ExpiryRules): boolean {
  if (cooldownDays === null || cooldowns === null) return false;
  const firedAt = Object.values(JSON.parse(cooldowns) as Record<string, number>);
  return firedAt.every((at) => at < clock - cooldownDays * DAY_MS);
}

/** Whether the last visit of the customer still runs at the partition's clock. */
export function isVisiting({ state }: StoredCustomer, { clock, visitGapMs }: ExpiryRules): boolean {
  if (state === null) return false;
  const { lastVisitAt } = standingOf(readState(state));
  return lastVisitAt !== null && lastVisitAt + visitGapMs >= clock;
}

export function bytesOf(customer: string, text: string | null): number {
  return text === null ? 0 : Buffer.byteLength(customer) + Buffer.byteLength(text);
}

export function addCounts(a: ExpiryCount, b: ExpiryCount): ExpiryCount {
  return { keys: a.keys + b.keys, bytes: a.bytes + b.bytes, activeVisits: a.activeVisits + b.activeVisits };
}

export const NO_EXPIRY: ExpiryCount = { keys: 0, bytes: 0, activeVisits: 0 };
