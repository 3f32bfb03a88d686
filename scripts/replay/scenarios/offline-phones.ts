import { hash32 } from '@/server/core/partition';
import { customerOf, type TimedCall } from '../segment-call';
import type { Scenario } from './scenario';
import { AWAY_MS, RATE_OF_ONE } from './shop-traffic';

const MINUTE_MS = 60_000;
/** A phone has no network for so long at a time, and so many times in a thousand. */
const OFFLINE_MS = 30_000;
const OFFLINE_PER_MILLE = 3;
/** It sends what it kept when the customer comes back for the first, second or third time: far later than the lateness. */
const RETURNS = [1, 2, 3];
const KEPT_MS = RETURNS.map((times) => times * AWAY_MS + 2 * MINUTE_MS);
const PHONES = new Set(['ios', 'android']);
const KEEPS = new Set(['Product List Viewed', 'Product Viewed', 'Product Added']);

/**
 * The shop's traffic with phones that lose their network now and then: what was looked at and put into the cart
 * meanwhile is sent much later, with the time at which it happened. The first shop's only, however many there are.
 */
export function withOfflinePhones(shop: Scenario): Scenario {
  const keptMs = (one: TimedCall) => (one.call.messageId.startsWith(`${shop.name}:`) ? offlineMs(one) : 0);
  return {
    name: shop.name,
    between(from, to, eventsPerSecond) {
      const atOnce = shop.between(from, to, eventsPerSecond).filter((one) => keptMs(one) === 0);
      const kept = KEPT_MS.flatMap((laterMs) =>
        shop
          .between(from - laterMs, to - laterMs, Math.min(eventsPerSecond, RATE_OF_ONE))
          .filter((one) => keptMs(one) === laterMs)
          .map(({ at, call }) => ({ at: at + laterMs, call })),
      );
      return kept.length === 0 ? atOnce : [...atOnce, ...kept].sort((a, b) => a.at - b.at);
    },
  };
}

/** How long a phone keeps a call, ms; 0: it sends it at once. */
function offlineMs({ at, call }: TimedCall): number {
  const { type } = (call.context?.device ?? {}) as { type?: string };
  if (!PHONES.has(type ?? '') || !KEEPS.has(call.event ?? '')) return 0;
  const draw = hash32(`offline/${customerOf(call)}/${Math.floor(at / OFFLINE_MS)}`);
  return draw % 1_000 < OFFLINE_PER_MILLE ? (KEPT_MS[Math.floor(draw / 1_000) % KEPT_MS.length] ?? 0) : 0;
}
