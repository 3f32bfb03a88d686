import type { JsonObject } from '@/server/core/json';
import type { CustomerEvent } from '@/server/event-log/records';
import type { Holdout } from './holdout';

/** What a rule may ask about the customer, as of the event. Times in ms since the epoch, money as doubles to compare. */
export interface RuleCard {
  visit?: { startedAt: number; lastAt: number; events: number; platform: string; live: boolean };
  visits: number;
  firstSeenAt: number;
  cart?: {
    status: 'open' | 'checkout' | 'paymentFailed' | 'abandoned';
    value: number;
    currency: string;
    items: number;
    openedAt: number;
    lastAt: number;
  };
  orders: number;
  revenue: number;
  lastOrderAt?: number;
  contact?: {
    channel: 'call' | 'chat';
    turns: number;
    sentiment: number;
    lastTurn: number;
    openedAt: number;
  };
  /** newest last, at most 20 */
  recent: readonly { name: string; at: number }[];
  traits: Readonly<Record<string, unknown>>;
}

export interface RuleSetInput {
  event: CustomerEvent;
  card: RuleCard;
  consent: { denied: readonly string[] };
  /** event time, ms: rules know no other clock */
  now: number;
}

export interface RuleFiring {
  ruleId: string;
  ruleVersion: number;
  /** mandatory: a firing whose purpose the customer denies is dropped */
  purpose: string;
  action: JsonObject;
  inputs: JsonObject;
  coolDownMs: number;
  /** the use case it acts for; absent: none */
  useCaseId?: string;
  /** who is left alone of those it fires for; absent: nobody */
  holdout?: Holdout;
  /** why the customer is put into the agents' queue; absent: not put there */
  queue?: { title: string };
}

/** The port through which the stream asks the enabled rules of a workspace. Synchronous and pure. */
export interface RuleSet {
  /** Events no rule waits for need no card and no evaluation. */
  wants(eventName: string): boolean;
  /** Whether a rule that waits for these asks for the customer's last events: not all of them are at hand otherwise. */
  asksForEvents(eventName: string): boolean;
  /** Firings, the most important first. Cool-downs are the caller's. */
  evaluate(input: RuleSetInput): RuleFiring[];
}

export const NO_RULES: RuleSet = { wants: () => false, asksForEvents: () => false, evaluate: () => [] };
