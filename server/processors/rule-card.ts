import type { ConsentFlags } from '@/server/core/consent-flags';
import type { JsonObject } from '@/server/core/json';
import type { StreamSettings } from '@/server/streaming/partition-step';
import { amountNumber } from './amount';
import { cartAmount } from './carts';
import { deniedWithSignals } from './consent-signals';
import { openContact, scoresOf, sentimentOf } from './contacts';
import { contextEntries } from './context-text';
import { type ContextEntry, type CustomerState, NO_TIME, type OpenCart } from './customer-state';
import {
  type CustomerView,
  clockFactOf,
  foldBuffer,
  heldState,
  liveVisit,
  NO_GAUGES,
  openCart,
} from './customer-view';
import { KNOWN_NAMES } from './known-names';
import { platformName } from './metrics';
import type { RuleCard } from './rule-set';
import { isOptedOut } from './step-run';

export function nameOf(entry: ContextEntry): string {
  const name = entry[2];
  if (typeof name === 'number') return KNOWN_NAMES[name] ?? '';
  return /^[/#~]/.test(name) ? name.slice(1) : name;
}

/** What rules may ask about the customer, as of an event. */
export function ruleCardOf(
  state: CustomerState,
  view: CustomerView,
  now: number,
  settings: StreamSettings,
): RuleCard {
  const card: RuleCard = {
    visits: state.vs.length + (state.vd ?? 0),
    firstSeenAt: state.f,
    orders: state.rf?.o ?? 0,
    revenue: amountNumber(state.rf?.m[settings.currency] ?? 0),
    // Few rules ask for it.
    get recent() {
      return contextEntries(state.cx).map((entry) => ({ name: nameOf(entry), at: entry[0] }));
    },
    traits: traitsOf(state),
  };
  const visit = state.vs.at(-1);
  if (visit !== undefined) {
    const live = visit[1] + settings.visitGapMs > now;
    const [startedAt, lastAt, events, platform] = visit;
    card.visit = { startedAt, lastAt, events, platform: platformName(platform), live };
  }
  if (state.rf !== undefined && state.rf.o > 0) card.lastOrderAt = state.rf.l;
  const cart = view.machine.open;
  if (cart !== null) card.cart = cartOf(cart, openCart(view) === null);
  const contact = openContact(state, now);
  if (contact !== null) {
    card.contact = {
      channel: contact.call === 1 ? 'call' : 'chat',
      turns: contact.tu.length,
      sentiment: sentimentOf(contact),
      lastTurn: scoresOf(contact).at(-1) ?? 0,
      openedAt: contact.s,
    };
  }
  return card;
}

/**
 * What rules would see of a customer who visits at the partition's clock, ms. Null: no live visit, or opted out of
 * profiling, whom every rule leaves alone.
 */
export function liveRuleCard(
  kept: JsonObject | null,
  consent: ConsentFlags | null,
  clock: number,
  settings: StreamSettings,
): { card: RuleCard; denied: readonly string[] } | null {
  const state = heldState(kept);
  if (state === null || state.x !== undefined || liveVisit(state, clock, settings) === null) return null;
  const denied = deniedWithSignals(state, consent);
  if (isOptedOut(denied)) return null;
  const { machine } = foldBuffer(state, settings);
  const clockFact = clockFactOf(machine, clock, settings);
  const view = { machine, facts: null, clockFact, gauges: NO_GAUGES };
  return { card: ruleCardOf(state, view, clock, settings), denied };
}

function cartOf(cart: OpenCart, abandoned: boolean): NonNullable<RuleCard['cart']> {
  const status = abandoned ? 'abandoned' : statusOf(cart);
  return {
    status,
    value: amountNumber(cartAmount(cart, cart.c)),
    currency: cart.c,
    items: cart.i.reduce((sum, line) => sum + line[2], 0),
    openedAt: cart.o,
    lastAt: cart.l,
  };
}

export function statusOf(cart: OpenCart): 'open' | 'checkout' | 'paymentFailed' {
  if (cart.f > 0) return 'paymentFailed';
  return cart.k !== NO_TIME ? 'checkout' : 'open';
}

export function traitsOf(state: CustomerState): Record<string, string | number | boolean> {
  const traits: Record<string, string | number | boolean> = {};
  for (const [key, [value]] of Object.entries(state.tr ?? {})) traits[key] = value;
  return traits;
}
