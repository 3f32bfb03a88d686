import { describe, expect, it } from 'vitest';
import { LIVE_WINDOW_MS, MINUTE_MS } from '@/server/core/durations';
import type { FactKind } from '@/server/streaming/fact';
import { countFact, emptyAggregates } from './metrics';

const NOW = Date.parse('2026-03-01T10:00:00Z');

function fact(kind: FactKind, at: number) {
  return { kind, at, amount: '10.50', currency: 'EUR', platform: 'web' as const };
}

/** Counters of a partition whose newest record was logged at NOW. */
function countedAt(kind: FactKind, at: number) {
  const aggregates = { ...emptyAggregates(), at: NOW };
  countFact(aggregates, fact(kind, at), 1);
  return aggregates;
}

describe('live counters', () => {
  it('count what happened within the window, before or after the newest record was logged', () => {
    for (const at of [NOW - LIVE_WINDOW_MS + 1, NOW, NOW + 30 * MINUTE_MS]) {
      const { counters, byPlatform, money } = countedAt('order', at);
      expect(counters.orders).toBe(1);
      expect(byPlatform.web?.orders).toBe(1);
      expect(money.revenue).toEqual({ EUR: '10.5' });
    }
  });

  it('leave out history that is sent in: it happened outside of every live window', () => {
    for (const kind of ['order', 'cartAbandoned', 'cartConverted', 'refund'] as const) {
      const { counters, byPlatform, money } = countedAt(kind, NOW - LIVE_WINDOW_MS);
      expect([counters, byPlatform, money]).toEqual([{}, {}, {}]);
    }
  });

  it('take back only what they have counted', () => {
    const aggregates = { ...emptyAggregates(), at: NOW };
    countFact(aggregates, fact('order', NOW - MINUTE_MS), 1);
    countFact(aggregates, fact('order', NOW - MINUTE_MS), -1);
    countFact(aggregates, fact('order', NOW - 2 * LIVE_WINDOW_MS), -1);
    expect(aggregates.counters.orders).toBe(0);
    expect(aggregates.money.revenue).toEqual({ EUR: '0' });
  });

  it('count every late event, which is old by nature', () => {
    expect(countedAt('late', NOW - 5 * LIVE_WINDOW_MS).counters.late).toBe(1);
  });
});
