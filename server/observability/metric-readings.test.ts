import { describe, expect, it } from 'vitest';
import type { PartitionAggregates } from '@/server/streaming/partition-step';
import { CounterWindow, type PartitionCounters } from './counter-window';
import { flowCounters } from './flow.connector';
import type { LagReading } from './lag-reading';
import { METRIC_KEYS, type MetricKey } from './metric-catalogue';
import { readingsOf } from './metric-readings';
import type { ShardRegion } from './operations.schema';

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
    regions: [],
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

describe('readings by region', () => {
  const EU = { shardId: 1, region: 'eu' };
  const US = { shardId: 2, region: 'us' };

  /** Ten seconds in which the one region has events and the other none, of which nothing is heard any more. */
  function readRegions(regions: readonly ShardRegion[]) {
    const [counters, flow] = [new CounterWindow(), new CounterWindow()];
    let now = START;
    const look = (events: number, errors: number) => {
      const eu = { ...partition(0, {}).values, at: now, counters: { events, errors } };
      const us = { ...partition(0, {}).values, counters: { events: 7, errors: 0 } };
      const partitions = [
        { shardId: 1, partition: 0, values: eu },
        { shardId: 2, partition: 0, values: us },
      ];
      counters.observe(now, partitions);
      flow.observe(
        now,
        flowCounters([{ shardId: 2, appended: 7, processed: 7, archived: 7, deadLetters: errors }]),
      );
      return partitions;
    };
    let partitions = look(100, 0);
    for (let second = 1; second <= 10; second += 1) {
      now += 1_000;
      partitions = look(100 + second * 5, second);
    }
    const lag = (shardId: number, lagSeconds: number | null): LagReading => {
      return { shardId, group: 'main', partition: 0, lagSeconds, backlog: 0, owner: 'w' };
    };
    const readings = readingsOf({
      now,
      counters,
      flow,
      partitions,
      lag: [lag(1, 0.4), lag(2, null)],
      regions,
      currency: 'USD',
      stateHealth: null,
    });
    return (metric: MetricKey, dimension: string) =>
      readings.find((each) => each.metric === metric && each.dimension === dimension);
  }

  it('are those of the region alone, with the age and the lag of its own feed', () => {
    const read = readRegions([EU, US]);
    expect(read('eventsPerSecond', 'region=eu')?.value).toBeCloseTo(5, 5);
    expect(read('eventsPerSecond', 'region=us')).toMatchObject({ value: 0, at: null });
    expect(read('lagSeconds', 'region=eu')).toMatchObject({ value: 0.4 });
    // A region of which nothing is heard is not a region without lag.
    expect(read('lagSeconds', 'region=us')).toMatchObject({
      value: null,
      reason: '1 partition not heard of: no live worker',
    });
    // A processor's errors there, refusals at the door here.
    expect(read('errorsPerMinute', 'region=eu')?.value).toBeCloseTo(60, 5);
    expect(read('errorsPerMinute', 'region=us')?.value).toBeCloseTo(60, 5);
    expect(read('errorsPerMinute', '')?.value).toBeCloseTo(120, 5);
  });

  it('are left out where there is one, which is the whole', () => {
    const read = readRegions([EU]);
    expect(read('eventsPerSecond', 'region=eu')).toBeUndefined();
    expect(read('eventsPerSecond', '')?.value).toBeCloseTo(5, 5);
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
