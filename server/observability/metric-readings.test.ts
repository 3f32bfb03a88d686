import { describe, expect, it } from 'vitest';
import type { PartitionAggregates } from '@/server/streaming/partition-step';
import { CounterWindow, type PartitionCounters } from './counter-window';
import { METRIC_KEYS, type MetricKey } from './metric-catalogue';
import { readingsOf } from './metric-readings';

const START = 1_800_000_000_000;

function partition(id: number, funnel: PartitionAggregates['funnel']): PartitionCounters {
  const empty = { at: START, counters: {}, byPlatform: {}, bySource: {}, gauges: {}, money: {} };
  return { shardId: 1, partition: id, values: { ...empty, funnel } };
}

function read(partitions: readonly PartitionCounters[]) {
  const counters = new CounterWindow();
  counters.observe(START, partitions);
  return readingsOf({
    now: START,
    counters,
    flow: new CounterWindow(),
    partitions,
    lag: [],
    currency: 'USD',
    stateHealth: null,
  });
}

const SHARES: MetricKey[] = ['viewedShare', 'addedShare', 'checkoutShare', 'orderedShare'];
const sharesOf = (partitions: readonly PartitionCounters[]) =>
  SHARES.map((metric) => read(partitions).find((reading) => reading.metric === metric)?.value);

describe('readings', () => {
  it('are made of every metric of the catalogue, once for the whole', () => {
    const whole = read([]).filter(({ dimension }) => dimension === '');
    expect(whole.map(({ metric }) => metric).sort()).toEqual([...METRIC_KEYS].sort());
  });
});

describe('the share of live visits that reached a step', () => {
  it('is taken over all partitions, of live visits only', () => {
    const partitions = [
      partition(0, {
        visited: { reached: 900, live: 6 },
        viewed: { reached: 800, live: 5 },
        added: { reached: 400, live: 1 },
      }),
      partition(1, {
        visited: { reached: 50, live: 3 },
        viewed: { reached: 20, live: 1 },
        checkout: { reached: 9, live: 3 },
        ordered: { reached: 7, live: 0 },
      }),
    ];
    expect(sharesOf(partitions)).toEqual([66.67, 11.11, 33.33, 0]);
  });

  it('is not known while there is no live visit, and says so', () => {
    const partitions = [
      partition(0, { visited: { reached: 12, live: 0 }, viewed: { reached: 9, live: 0 } }),
      partition(1, {}),
    ];
    expect(sharesOf(partitions)).toEqual([null, null, null, null]);
    const reading = read(partitions).find(({ metric }) => metric === 'orderedShare');
    expect(reading?.reason).toBe('there is no live visit');
    expect(sharesOf([])).toEqual([null, null, null, null]);
  });
});
