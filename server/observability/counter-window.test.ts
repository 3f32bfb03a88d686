import { describe, expect, it } from 'vitest';
import type { PartitionAggregates } from '@/server/streaming/partition-step';
import { CounterWindow, type PartitionCounters } from './counter-window';

const START = 1_800_000_000_000;

function counters(partition: number, values: Partial<PartitionAggregates>): PartitionCounters {
  const empty = { at: 0, counters: {}, byPlatform: {}, bySource: {}, gauges: {}, money: {}, funnel: {} };
  return { shardId: 1, partition, values: { ...empty, ...values } };
}
const events = (partition: number, count: number) => counters(partition, { counters: { events: count } });

describe('CounterWindow', () => {
  it('knows nothing before two looks', () => {
    const window = new CounterWindow();
    expect(window.rate('events', 10, START)).toBeNull();
    window.observe(START, [events(0, 5_000)]);
    expect(window.rate('events', 10, START)).toBeNull();
  });

  it('never shows the lifetime total of a counter as a burst', () => {
    const window = new CounterWindow();
    window.observe(START, [events(0, 1_000_000)]);
    window.observe(START + 1_000, [events(0, 1_000_010)]);
    expect(window.rate('events', 10, START + 1_000)).toBeCloseTo(10, 6);
  });

  it('sums partitions and counts one that appears later from zero', () => {
    const window = new CounterWindow();
    window.observe(START, [events(0, 100)]);
    window.observe(START + 1_000, [events(0, 104), events(1, 6)]);
    expect(window.total('events', 10, START + 1_000)).toEqual({ count: 10, knownSeconds: 1 });
  });

  it('gives no negative when a counter restarts', () => {
    const window = new CounterWindow();
    window.observe(START, [events(0, 500)]);
    window.observe(START + 1_000, [events(0, 520)]);
    window.observe(START + 2_000, [events(0, 7)]);
    expect(window.total('events', 10, START + 2_000)?.count).toBeCloseTo(27, 6);
  });

  it('lets a correction take back what it corrects, but no further than zero', () => {
    const window = new CounterWindow();
    const abandoned = (count: number) => counters(0, { counters: { events: 9, cartsAbandoned: count } });
    window.observe(START, [abandoned(10)]);
    window.observe(START + 1_000, [abandoned(12)]);
    window.observe(START + 2_000, [abandoned(11)]);
    expect(window.total('cartsAbandoned', 60, START + 2_000)?.count).toBeCloseTo(1, 6);
    window.observe(START + 3_000, [abandoned(5)]);
    expect(window.total('cartsAbandoned', 60, START + 3_000)?.count).toBe(0);
  });

  it('spreads what came in a short gap, and leaves a long one unknown', () => {
    const window = new CounterWindow();
    window.observe(START, [events(0, 0)]);
    window.observe(START + 4_000, [events(0, 40)]);
    expect(window.rate('events', 2, START + 4_000)).toBeCloseTo(10, 6);
    window.observe(START + 120_000, [events(0, 9_000)]);
    expect(window.rate('events', 10, START + 120_000)).toBeNull();
  });

  it('forgets what is older than its window', () => {
    const window = new CounterWindow();
    window.observe(START, [events(0, 0)]);
    window.observe(START + 1_000, [events(0, 10)]);
    for (let second = 2; second <= 1_000; second += 1)
      window.observe(START + second * 1_000, [events(0, 10)]);
    expect(window.total('events', 900, START + 1_000_000)?.count).toBe(0);
  });

  it('keeps platforms, sources, shards and money apart', () => {
    const window = new CounterWindow();
    const values = (n: number) =>
      counters(0, {
        at: START + n,
        counters: { events: n },
        byPlatform: { web: { events: n } },
        bySource: { src_1: n },
        money: { revenue: { USD: `${n}.50` } },
      });
    window.observe(START, [values(1)]);
    window.observe(START + 1_000, [values(4)]);
    expect(window.total('events@platform=web', 10, START + 1_000)?.count).toBe(3);
    expect(window.total('events@source=src_1', 10, START + 1_000)?.count).toBe(3);
    expect(window.total('revenue#USD', 10, START + 1_000)?.count).toBe(3);
    expect(window.total('events@shard=1', 10, START + 1_000)?.count).toBe(3);
    expect(window.names('events@')).toEqual(['events@platform=web', 'events@shard=1', 'events@source=src_1']);
    expect(window.newestAt).toBe(START + 4);
  });
});
